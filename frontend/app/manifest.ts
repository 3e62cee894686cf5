import type { MetadataRoute } from 'next';
import { CANVAS } from './lib/theme.ts';

/** Lets people install the application on their home screen. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Tasks',
    short_name: 'Tasks',
    description: 'Your tasks, and nobody else’s.',
    start_url: '/tasks',
    display: 'standalone',
    background_color: CANVAS.light,
    theme_color: CANVAS.light,
    icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
  };
}
