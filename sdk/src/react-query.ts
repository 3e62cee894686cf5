export * from '../../generated/client/@tanstack/react-query.gen.ts';
