import { MAIN_ID } from './page-main.tsx';
import { buttonClass } from '../ui/button-class.ts';

/** Leads the keyboard past the header. */
export function SkipLink() {
  return (
    <a
      href={`#${MAIN_ID}`}
      className={`${buttonClass('secondary')} absolute! start-3 top-1.5 z-40 not-focus:sr-only`}
    >
      Skip to content
    </a>
  );
}
