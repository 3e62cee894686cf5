import js from '@eslint/js';
import next from '@next/eslint-plugin-next';
import { defineConfig } from 'eslint/config';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: ['generated/', 'node_modules/', '**/dist/', '**/.next/', '**/next-env.d.ts', '.data/'],
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
    // Only the configuration reads the environment.
    files: ['src/**', 'frontend/**'],
    ignores: ['src/config.ts', 'frontend/app/lib/config.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env' }] },
  },
  {
    // Samples show what they get.
    files: ['openapi/samples/**'],
    rules: { 'no-console': 'off' },
  },
);
