/** The looks of dialogs: they rise a little as they appear, and scroll when the page is low. */
export const dialogClass = {
  backdrop:
    'fixed inset-0 z-40 bg-black/40 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0',
  viewport: 'fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4',
  popup:
    'relative flex w-full flex-col gap-4 rounded-card border border-line bg-raised p-5 shadow-float transition duration-150 sm:p-6 data-ending-style:translate-y-2 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0',
  title: 'pe-10 text-lg font-semibold text-balance',
  footer: 'mt-2 flex flex-wrap justify-end gap-3 max-sm:*:grow',
} as const;
