import { send } from '../api.ts';
import { Dialog } from './dialog.tsx';

interface EndSilenceProps {
  silenceId: string;
  done(): void;
  close(): void;
}

export function EndSilenceDialog({ silenceId, done, close }: EndSilenceProps) {
  const act = async (by: string | undefined): Promise<void> => {
    await send('POST', `api/silences/${encodeURIComponent(silenceId)}/end`, { by });
    done();
  };
  return <Dialog title="End this silence" verb="End it" act={act} close={close} />;
}
