#!/bin/sh
# Runs a broker for as long as somebody holds our standard input open. A parent killed with -9 cannot tell anybody, but its pipe closes. A parent
# that wants the broker stopped closes it too, so there is one way to stop, and every stop tries it. SIGTERM, then SIGKILL after STOP_SECONDS.
# Usage: STOP_SECONDS=10 guard.sh COMMAND [ARG ...]; prints the command's process id first, ends with its status.
exec 3<&0
"$@" 3<&- </dev/null &
broker=$!
echo "guarded $broker"
trap 'kill -TERM $broker 2>/dev/null' TERM INT HUP
# `read` and not `cat`: a builtin dies with its subshell, a child would stay behind.
(
  while read -r _; do :; done <&3
  kill -TERM $broker
  left=${STOP_SECONDS:-10}
  while [ "$left" -gt 0 ] && kill -0 $broker; do sleep 1; left=$((left - 1)); done
  kill -KILL $broker
) >/dev/null 2>&1 &
watcher=$!
wait $broker
status=$?
# A trapped signal ends `wait` early; only a broker that is gone ends the loop.
while kill -0 $broker 2>/dev/null; do
  wait $broker
  status=$?
done
kill -KILL $watcher 2>/dev/null
exit $status
