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

/** zsh takes bash's functions, once told to. */
export function completionScript(program: Command, shell: (typeof SHELLS)[number]): string {
  const cases = [...wordsByPath(program, [])].map(([path, words]) => `    '${path}') words='${words.join(' ')}' ;;\n`);
  return `${shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_stillwatch() {
  local path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  # What is no command is an argument: the command before it still says what may follow.
  while true; do
    case "$path" in
${cases.join('')}    esac
    [[ -n "$words" || -z "$path" ]] && break
    [[ "$path" == *' '* ]] && path="\${path% *}" || path=''
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  # A value: most are files.
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _stillwatch stillwatch
`;
}

/** What may follow each command, by the words that lead to it. */
function wordsByPath(command: Command, path: readonly string[]): Map<string, string[]> {
  const options = command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const found = new Map([
    [path.join(' '), [...command.commands.map((inner) => inner.name()), ...choices, ...options, '--help']],
  ]);
  for (const inner of command.commands)
    for (const [key, words] of wordsByPath(inner, [...path, inner.name()])) found.set(key, words);
  return found;
}
