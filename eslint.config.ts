import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The rule that oxlint does not have yet (oxlint.config.ts has all others); `make check` leaves it to `make test`. */
export default defineConfig(
  {
    ignores: [
      'generated/',
      'lib/',
      '**/dist/',
      '**/.next/',
      '**/next-env.d.ts',
      'frontend/public/',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        project: ['.', 'sdk', 'frontend'].map((folder) => `${folder}/tsconfig.json`),
      },
    },
    // The comments are for oxlint.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'error' },
  },
);
