import js from '@eslint/js';
import next from '@next/eslint-plugin-next';
import type { Linter } from 'eslint';
import { defineConfig } from 'eslint/config';
import hooks from 'eslint-plugin-react-hooks';
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
  regex: '^(express|express-.*|openapi-backend|(node:)?https?)$|/(http/.*|app\\.ts|service\\.ts)$',
  message:
    'The domain, the database and authentication do not depend on HTTP. Throw a Problem instead.',
};
const sql: Restriction = {
  regex: '^slonik$',
  message: 'SQL belongs in a statements.ts, where a test ensures that it is scoped to a user.',
};
/** The files besides src/db that contain SQL. */
const SQL_FILES = ['src/*/statements.ts', 'src/tasks/columns.ts', 'src/users/user-fragments.ts'];

const restrictImports = (...patterns: Restriction[]): Linter.RulesRecord => ({
  'no-restricted-imports': ['error', { patterns }],
});

export default defineConfig(
  {
    ignores: [
      'generated/',
      'lib/',
      'node_modules/',
      '**/dist/',
      '**/.next/',
      '**/next-env.d.ts',
      '.data/',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    rules: {
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
    },
  },
  {
    files: ['frontend/**'],
    extends: [next.configs['core-web-vitals'], hooks.configs.flat['recommended-latest']],
    settings: { next: { rootDir: 'frontend' } },
  },
  {
    // Served as it is, without a build that would remove types.
    files: ['frontend/public/**'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      parserOptions: { projectService: false },
      globals: { self: 'readonly', caches: 'readonly', fetch: 'readonly', URL: 'readonly' },
    },
  },
  {
    files: ['src/**', 'frontend/**'],
    ignores: ['src/config.ts', 'frontend/app/lib/config.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: environment.message },
      ],
      ...restrictImports(environment),
    },
  },
  // The layers of the service. A later block replaces the restrictions of an earlier one.
  { files: ['src/**'], ignores: ['src/config.ts'], rules: restrictImports(environment, sql) },
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
);
