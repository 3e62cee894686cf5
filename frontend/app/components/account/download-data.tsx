'use client';

import { Download } from 'lucide-react';
import { useState } from 'react';
import { collectData } from '../../lib/account/collect-data.ts';
import { saveFile } from '../../lib/account/save-file.ts';
import { notify } from '../../lib/notices.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';

/** Gives a user everything that is stored about them, as a file. */
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
        title: 'Your data is downloaded',
        detail: 'It is in tasks-export.json.',
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
