import { Argument, Command } from 'commander';

const SHELLS = ['bash', 'zsh'] as const;

/** `stillwatch completion`: made from the commands themselves, so it cannot lag behind them. */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('a script by which the shell completes commands and options')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      "\nExample:\n  echo 'source <(stillwatch completion bash)' >> ~/.bashrc\n\nExit codes: 0 printed, 2 wrong use.\n",
    )
    .action((shell: (typeof SHELLS)[number]) => {
      process.stdout.write(completionScript(program, shell));
    });
}

/** zsh takes bash's functions, once told to: not a variable `path`, which is its own, and not `compgen -W`, which leaves choosing to it. */
export function completionScript(program: Command, shell: (typeof SHELLS)[number]): string {
  const all = commandsByPath(program, []);
  const words = all.map(([path, command]) => `    '${path}') words='${wordsOf(command).join(' ')}' ;;\n`);
  const values = all.flatMap(([path, command]) =>
    command.options
      .filter(({ required, optional }) => required || optional)
      .map(({ short, long, argChoices = [] }) => {
        const names = [short, long].flatMap((name) => (name ? [`'${path} ${name}'`] : []));
        return `    ${names.join('|')}) words='${argChoices.join(' ')}' ;;\n`;
      }),
  );
  return `${shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_stillwatch() {
  local typed='' words='' word begun="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case "$word" in -*) ;; *) typed="\${typed:+$typed }$word" ;; esac
  done
  # What is no command is an argument: the command before it still says what may follow.
  while true; do
    case "$typed" in
${words.join('')}    esac
    [[ -n "$words" || -z "$typed" ]] && break
    [[ "$typed" == *' '* ]] && typed="\${typed% *}" || typed=''
  done
  # Behind an option that takes a value nothing else follows.
  case "$typed \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('')}  esac
  COMPREPLY=()
  for word in $words; do
    case "$word" in "$begun"*) COMPREPLY+=("$word") ;; esac
  done
}
# Where nothing is offered, it is a value: most are files.
complete -o default -F _stillwatch stillwatch
`;
}

/** Each command by the words that lead to it. */
function commandsByPath(command: Command, path: readonly string[]): [string, Command][] {
  return [
    [path.join(' '), command],
    ...command.commands.flatMap((inner) => commandsByPath(inner, [...path, inner.name()])),
  ];
}

/** What may follow a command. */
function wordsOf(command: Command): string[] {
  const options = command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return [...command.commands.map((inner) => inner.name()), ...choices, ...options, '--help'];
}
