import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, TRPCClientError } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { ReactNode } from 'react';
import type { AppRouter } from '../../server/api/router.ts';
import { trpc } from '../../web/api.ts';
import { type Services, ServicesProvider } from '../../web/services.ts';
import { Toaster } from '../../web/ui/toaster.tsx';
import type { FakeMarket } from './fixture.tsx';

/** What each procedure answers; one that throws is refused, one that is not there has no answer. */
export type Answers = Readonly<Record<string, (input: unknown) => unknown>>;

/** The services of a market whose API answers as the test says, around a component, with the notices below it. */
export function answering(market: FakeMarket, answers: Answers) {
  const client = createTRPCClient<AppRouter>({
    links: [
      () =>
        ({ op }) =>
          observable((observer) => {
            const answer = answers[op.path];
            if (answer === undefined) return;
            try {
              observer.next({ result: { type: 'data', data: answer(op.input) } });
              observer.complete();
            } catch (error) {
              observer.error(error instanceof TRPCClientError ? error : new TRPCClientError(`${error}`));
            }
          }),
    ],
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const services: Services = { ...market.services, client };
  return ({ children }: { readonly children: ReactNode }) => (
    <trpc.Provider client={client} queryClient={queries}>
      <QueryClientProvider client={queries}>
        <ServicesProvider value={services}>
          {children}
          <Toaster />
        </ServicesProvider>
      </QueryClientProvider>
    </trpc.Provider>
  );
}

/** What the server says when it refuses. */
export const refusal = (message: string, data: Readonly<Record<string, unknown>>): Error =>
  TRPCClientError.from<AppRouter>({ error: { code: -32603, message, data: { httpStatus: 400, ...data } } });
