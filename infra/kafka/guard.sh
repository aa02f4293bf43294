#!/bin/sh
# Runs a broker for as long as somebody holds our standard input open. A parent killed with -9 cannot tell anybody, but its pipe closes: then the
# broker goes too. SIGTERM is passed on. Usage: guard.sh COMMAND [ARG ...]; prints the command's process id first.
exec 3<&0
"$@" 3<&- &
child=$!
echo "guarded $child"
trap 'kill -TERM $child 2>/dev/null' TERM INT
( cat >/dev/null; kill -TERM $child; sleep 10; kill -KILL $child ) <&3 2>/dev/null &
watcher=$!
wait $child
while kill -0 $child 2>/dev/null; do wait $child; done
kill -KILL $watcher 2>/dev/null
