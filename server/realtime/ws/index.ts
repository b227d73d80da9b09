export {
  applyWSSHandler,
  type Encoder,
  getWSConnectionHandler,
  jsonEncoder,
  type WSSHandlerOptions,
} from '@trpc/server/adapters/ws';
