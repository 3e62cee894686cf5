'use client';

import { Download } from 'lucide-react';
import { useState } from 'react';
import { collectData, saveFile } from '../../lib/account/data-download.ts';
import { notify } from '../../lib/notices.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';

/** Downloads everything that is stored about the user as a file. */
export function DownloadData() {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<unknown>();

  async function download() {
    setPending(true);
    setFailure(undefined);
    try {
      const data = await collectData();
      saveFile('tasks-export.json', 'application/json', JSON.stringify(data, undefined, 2));
      notify({
        title: 'Data downloaded',
        detail: 'Saved as tasks-export.json.',
        tone: 'info',
      });
    } catch (error) {
      setFailure(error);
    } finally {
      setPending(false);
    }
  }

  return (
    <>
      {failure !== undefined && <Problem error={failure} />}
      <Button
        variant="secondary"
        needsConnection
        className="self-start"
        pending={pending}
        onClick={() => void download()}
      >
        <Download aria-hidden size={18} />
        Download my data
      </Button>
    </>
  );
}
