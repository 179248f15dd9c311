import { Toast as Radix } from "radix-ui";
import { createContext, useCallback, useContext, useState, type ReactNode } from "react";

type Shown = { id: number; text: string };

const MAX_SHOWN = 3;
const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Confirms something the page shows anyway; never the only copy of a fact. */
export const useToast = (): ((text: string) => void) => useContext(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([]);
  const show = useCallback((text: string) => {
    setShown((before) => [...before.slice(1 - MAX_SHOWN), { id: (before.at(-1)?.id ?? 0) + 1, text }]);
  }, []);
  return (
    <ToastContext value={show}>
      <Radix.Provider duration={4_000} swipeDirection="down">
        {children}
        {shown.map((toast) => (
          <Radix.Root
            key={toast.id}
            onOpenChange={(open) => {
              if (!open) setShown((before) => before.filter((other) => other.id !== toast.id));
            }}
            className="animate-surface-in rounded-lg bg-ink px-3.5 py-2 text-base text-canvas shadow-high"
          >
            <Radix.Description>{toast.text}</Radix.Description>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed inset-x-0 top-3 z-50 mx-auto sm:top-auto sm:bottom-4 flex w-fit max-w-[calc(100vw-2rem)] flex-col items-center gap-2 outline-none" />
      </Radix.Provider>
    </ToastContext>
  );
}
