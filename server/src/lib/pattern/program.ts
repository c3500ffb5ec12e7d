import { type Assertion, type CodeSet, PatternError, type PatternNode } from './parse.ts';

/** One step of a program; numbers are places in it. */
export type Instruction =
  | { readonly op: 'set'; readonly has: CodeSet }
  | { readonly op: 'assert'; readonly at: Assertion }
  | { readonly op: 'fork'; readonly to: number[] }
  | { readonly op: 'accept' };

const MOST_INSTRUCTIONS = 1_000;
/** Nodes visited: repetitions of nothing write no instruction. */
const MOST_VISITS = 10_000;

/** Writes a pattern as a non-deterministic automaton (Thompson's construction). @throws PatternError for one that is too large */
export function programOf(pattern: PatternNode): readonly Instruction[] {
  const program: Instruction[] = [];
  let visits = 0;

  function add(instruction: Instruction): number {
    if (program.length >= MOST_INSTRUCTIONS) throw tooLarge();
    return program.push(instruction) - 1;
  }

  function fork(): { readonly op: 'fork'; readonly to: number[] } {
    const instruction = { op: 'fork', to: [] as number[] } as const;
    add(instruction);
    return instruction;
  }

  function write(node: PatternNode): void {
    visits += 1;
    if (visits > MOST_VISITS) throw tooLarge();
    if (node.kind === 'set') add({ op: 'set', has: node.has });
    else if (node.kind === 'assert') add({ op: 'assert', at: node.at });
    else if (node.kind === 'sequence') node.parts.forEach(write);
    else if (node.kind === 'choice') writeChoice(node.options);
    else writeRepeat(node.node, node.least, node.most);
  }

  function writeChoice(options: readonly PatternNode[]): void {
    const entry = fork();
    const exits = options.map((option) => {
      entry.to.push(program.length);
      write(option);
      return fork();
    });
    for (const exit of exits) exit.to.push(program.length);
  }

  function writeRepeat(node: PatternNode, least: number, most: number): void {
    for (let i = 0; i < least; i++) write(node);
    if (most === Infinity) {
      const start = program.length;
      const entry = fork();
      entry.to.push(program.length);
      write(node);
      fork().to.push(start);
      entry.to.push(program.length);
      return;
    }
    const skips = Array.from({ length: most - least }, () => {
      const skip = fork();
      skip.to.push(program.length);
      write(node);
      return skip;
    });
    for (const skip of skips) skip.to.push(program.length);
  }

  write(pattern);
  add({ op: 'accept' });
  return program;
}

function tooLarge(): PatternError {
  return new PatternError('is too large; use fewer or smaller repetitions');
}
