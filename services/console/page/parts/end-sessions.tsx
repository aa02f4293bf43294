import { send } from '../api.ts';
import { Dialog } from './dialog.tsx';

interface EndSessionsProps {
  title: string;
  path: string;
  done(): void;
  close(): void;
}

export function EndSessionsDialog({ title, path, done, close }: EndSessionsProps) {
  const act = async (): Promise<void> => {
    await send('DELETE', path);
    done();
  };
  return <Dialog title={title} verb="End it" act={act} close={close} />;
}
