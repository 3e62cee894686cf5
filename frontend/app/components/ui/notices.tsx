'use client';

import { Toast } from '@base-ui/react/toast';
import { CircleAlert, X } from 'lucide-react';
import { useOfflineReason } from '../../lib/offline.ts';
import { noticeManager, type NoticeData } from '../../lib/notices.ts';
import { Button } from './button.tsx';

/**
 * Notices (toasts) at the bottom of the page. They leave the controls of the list free: its checkboxes on the left and its buttons on the
 * right.
 * Their timeout pauses while they are hovered or focused. F6 moves the focus to them.
 */
export function Notices() {
  return (
    <Toast.Provider toastManager={noticeManager}>
      <Toast.Portal>
        <Toast.Viewport className="pointer-events-none fixed inset-x-0 bottom-0 z-50 mx-auto flex w-full max-w-md flex-col gap-2 p-4 pb-[max(1rem,env(safe-area-inset-bottom))] max-sm:ps-14 max-sm:pe-22 xl:mx-0 xl:max-w-76 print:hidden">
          <NoticeList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function NoticeList() {
  const { toasts } = Toast.useToastManager<NoticeData>();
  // Whether an action needs a connection can have changed since the notice was shown.
  useOfflineReason();
  return toasts.map((toast) => {
    const action = toast.data?.action;
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        className="pointer-events-auto rounded-card border border-line bg-raised shadow-float transition duration-200 data-ending-style:translate-y-2 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
      >
        <Toast.Content className="flex items-start gap-2 py-2 ps-4 pe-2">
          {toast.type === 'error' && (
            <CircleAlert aria-hidden size={20} className="mt-2 shrink-0 text-danger" />
          )}
          <div className="min-w-0 grow py-1.5">
            <Toast.Title render={<p />} className="font-medium" />
            <Toast.Description className="text-sm text-muted" />
          </div>
          {action && (
            <Toast.Action
              render={
                <Button
                  variant="secondary"
                  size="sm"
                  needsConnection={action.needsConnection?.() ?? false}
                />
              }
              onClick={() => {
                action.run();
                noticeManager.close(toast.id);
              }}
            >
              {action.label}
            </Toast.Action>
          )}
          <Toast.Close
            aria-label="Close"
            aria-hidden={undefined}
            className="inline-flex size-9 shrink-0 cursor-pointer items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
          >
            <X aria-hidden size={18} />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
}
