import type { MetadataRoute } from 'next';
import { BASE_PATH } from './lib/base-path.ts';
import { CANVAS } from './lib/theme.ts';

/** The web app manifest, with which users can install the application. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Tasks',
    short_name: 'Tasks',
    description: 'Your private task list.',
    start_url: `${BASE_PATH}/tasks`,
    display: 'standalone',
    background_color: CANVAS.light,
    theme_color: CANVAS.light,
    icons: [{ src: `${BASE_PATH}/icon.svg`, sizes: 'any', type: 'image/svg+xml' }],
  };
}
