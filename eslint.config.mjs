// @ts-check
import comments from '@eslint-community/eslint-plugin-eslint-comments/configs';
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { configs as regexp } from 'eslint-plugin-regexp';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SERVER = ['server/src/**/*.ts'];
const TESTS = ['**/*.test.{ts,tsx}', 'tests/**/*.ts', '**/testing.ts'];
const PLAIN_JS = ['**/*.{js,mjs}'];

/** Time and chance are injected (server/src/lib): a standing or stepped clock must be something a test can do. */
const TIME_AND_CHANCE_GLOBALS = ['setTimeout', 'setInterval'].map((name) => ({
  name,
  message: 'Take Timers from lib/timers.ts as a dependency.',
}));
const TIME_AND_CHANCE_SYNTAX = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Take Clock from lib/clock.ts as a dependency.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take Clock from lib/clock.ts as a dependency.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Take Clock from lib/clock.ts as a dependency.' },
  {
    selector: "MemberExpression[object.name='performance'][property.name='now']",
    message: 'Take Timers from lib/timers.ts as a dependency.',
  },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Take Random from lib/random.ts as a dependency.' },
  {
    selector: 'MemberExpression[property.name=/^(randomBytes|randomUUID|randomInt|getRandomValues)$/]',
    message: 'Take Random from lib/random.ts as a dependency.',
  },
  {
    selector:
      "ImportDeclaration[source.value='node:crypto'] ImportSpecifier[imported.name=/^(randomBytes|randomUUID|randomInt|randomFill|randomFillSync)$/]",
    message: 'Take Random from lib/random.ts as a dependency.',
  },
  { selector: 'ImportDeclaration[source.value=/^node:timers/]', message: 'Take Timers from lib/timers.ts as a dependency.' },
];
const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read in config/env.ts only; take the checked configuration.',
};
const ENVIRONMENT_IMPORT = {
  selector: "ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name='env']",
  message: ENVIRONMENT.message,
};

export default defineConfig(
  { ignores: ['**/dist/**', '**/coverage/**', '.switchboard/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  regexp.recommended,
  comments.recommended,

  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.mjs', '.*.mjs', 'scripts/*.mjs', 'cli/bin/*.mjs'],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@eslint-community/eslint-comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      '@eslint-community/eslint-comments/disable-enable-pair': ['error', { allowWholeFile: true }],
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 10, 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `Record<never, never>` says "no parameters", and `Promise.withResolvers<void>()` makes a promise of nothing.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Numbers and booleans print as everyone expects; what must not reach a text is an object.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      complexity: ['error', { max: 15 }],
      eqeqeq: 'error',
      'func-style': ['error', 'declaration', { allowArrowFunctions: true }],
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'no-console': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-var': 'error',
      'prefer-const': 'error',
      // A pattern of ours must answer in time linear in its input: requests reach them.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': 'error',
      // Matters of taste: the longer spelling is often the one the cited RFC uses.
      'regexp/match-any': 'off',
      'regexp/prefer-d': 'off',
      'regexp/prefer-w': 'off',
      'regexp/use-ignore-case': 'off',
    },
  },

  {
    files: SERVER,
    ignores: ['server/src/lib/**', ...TESTS],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', ...TIME_AND_CHANCE_GLOBALS],
      'no-restricted-syntax': ['error', ...TIME_AND_CHANCE_SYNTAX, ENVIRONMENT, ENVIRONMENT_IMPORT],
    },
  },
  { files: ['server/src/config/env.ts'], rules: { 'no-restricted-syntax': ['error', ...TIME_AND_CHANCE_SYNTAX] } },
  {
    files: ['server/src/lib/**/*.ts', 'contract/src/**/*.ts', 'cli/src/**/*.ts', 'portal/src/**/*.{ts,tsx}'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', ENVIRONMENT, ENVIRONMENT_IMPORT] },
  },

  {
    files: TESTS,
    rules: {
      // A describe block is one long function, and a test may ask for what the types say is there.
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },

  { files: ['portal/src/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended] },

  // Tools that read their configuration from a default export.
  { files: ['*.config.{ts,mjs}', '.*.mjs', 'portal/*.config.ts', 'scripts/tally-reporter.ts'], rules: { 'no-restricted-exports': 'off' } },

  {
    files: PLAIN_JS,
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: nodeGlobals() },
  },
);

function nodeGlobals() {
  const names = [
    'console',
    'process',
    'Buffer',
    'URL',
    'setTimeout',
    'clearTimeout',
    'setImmediate',
    'queueMicrotask',
    'fetch',
    'globalThis',
    'Headers',
    'AbortController',
    'AbortSignal',
    'DOMException',
    'Event',
    'EventTarget',
  ];
  return Object.fromEntries(names.map((name) => [name, 'readonly']));
}
