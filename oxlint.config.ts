import js from '@eslint/js';
import next from '@next/eslint-plugin-next';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig, type DummyRule, type DummyRuleMap } from 'oxlint';
import tseslint from 'typescript-eslint';

interface Restriction {
  readonly regex: string;
  readonly message: string;
}

const environment: Restriction = {
  regex: '^(node:)?process$',
  message:
    'Only config.ts reads the environment, so that every setting is validated and documented.',
};
const http: Restriction = {
  regex:
    '^(express|express-.*|openapi-backend|(node:)?https?)$|/((http|server|validation)/.*|app\\.ts|service\\.ts)$',
  message:
    'The domain, the database and authentication do not depend on HTTP. Throw a Problem instead.',
};
const sql: Restriction = {
  regex: '^slonik$',
  message: 'SQL belongs in a statements.ts, where a test ensures that it is scoped to a user.',
};
/** The files besides src/db that contain SQL. */
const SQL_FILES = [
  'src/*/statements.ts',
  'src/tasks/{columns,changes}.ts',
  'src/users/store-user.ts',
  'src/idempotency/claim.ts',
];

const restrictImports = (...patterns: Restriction[]): DummyRuleMap => ({
  'no-restricted-imports': ['error', { patterns }],
});

/** Rules of the presets that oxlint does not have. It rejects a configuration with a rule that it does not know. */
const UNKNOWN = [
  // Syntax errors in modules.
  'no-dupe-args',
  'no-octal',
  // Configuration of the React compiler, which is not used.
  'react-hooks/config',
  'react-hooks/gating',
  // Not available yet.
  '@typescript-eslint/no-unsafe-class-instance-assignment',
];

/** The rules that presets of ESLint turn on. */
const enabled = (...presets: readonly { readonly rules?: object }[]): DummyRuleMap =>
  Object.fromEntries(
    [...new Map(presets.flatMap(({ rules }) => Object.entries<DummyRule>({ ...rules })))].filter(
      ([name, rule]) => rule !== 'off' && !UNKNOWN.includes(name),
    ),
  );

const rules: DummyRuleMap = {
  ...enabled(
    js.configs.recommended,
    ...tseslint.configs.strictTypeChecked,
    ...tseslint.configs.stylisticTypeChecked,
  ),
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': 'error',
  // Numbers read well in template strings, and cannot go wrong there.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // Text is spread to count its code points, as PostgreSQL does.
  '@typescript-eslint/no-misused-spread': [
    'error',
    { allow: [{ from: 'lib', name: 'string' }, 'string'] },
  ],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_$' },
  ],
  // The compiler requires brackets for the keys of an index signature.
  '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
  'no-console': 'error',
};

export default defineConfig({
  plugins: ['typescript', 'react'],
  jsPlugins: [{ name: 'next', specifier: '@next/eslint-plugin-next' }],
  categories: { correctness: 'off' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error', denyWarnings: true },
  ignorePatterns: [
    'generated/',
    'lib/',
    'node_modules/',
    '**/dist/',
    '**/.next*/',
    '**/next-env.d.ts',
    '.data/',
  ],
  settings: { next: { rootDir: 'frontend' } },
  rules,
  overrides: [
    {
      files: ['frontend/**'],
      rules: {
        ...enabled(hooks.configs.flat['recommended-latest']),
        // The names of the plugin's own rules, of which oxlint's copy lacks one.
        ...Object.fromEntries(
          Object.entries(enabled(next.configs['core-web-vitals'])).map(([name, rule]) => [
            name.replace('@next/', ''),
            rule,
          ]),
        ),
      },
    },
    {
      // Served as it is, without a build that would remove types. The compiler does not check it.
      files: ['frontend/public/**'],
      env: { serviceworker: true },
      rules: {
        ...Object.fromEntries(
          Object.keys(tseslint.configs.disableTypeChecked.rules ?? {})
            .filter((name) => name in rules)
            .map((name) => [name, 'off']),
        ),
        ...enabled(js.configs.recommended),
      },
    },
    {
      files: ['src/**', 'frontend/**'],
      excludeFiles: ['src/config.ts', 'frontend/app/lib/config.ts'],
      rules: {
        'no-restricted-properties': [
          'error',
          { object: 'process', property: 'env', message: environment.message },
        ],
        ...restrictImports(environment),
      },
    },
    // The layers of the service. A later block replaces the restrictions of an earlier one.
    {
      files: ['src/**'],
      excludeFiles: ['src/config.ts'],
      rules: restrictImports(environment, sql),
    },
    {
      files: [
        'src/{auth,conditional-requests,errors,idempotency,net,operations,paging,settings,tasks,users}/**',
      ],
      rules: restrictImports(environment, sql, http),
    },
    {
      files: ['src/db/**', ...SQL_FILES],
      rules: restrictImports(environment, http),
    },
    {
      // A file has one subject; with 300 lines it usually has several.
      files: ['src/**', 'sdk/src/**', 'frontend/**'],
      rules: { 'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }] },
    },
    {
      // Samples show what they get.
      files: ['openapi/samples/**'],
      rules: { 'no-console': 'off' },
    },
  ],
});
