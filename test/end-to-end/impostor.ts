import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

/**
 * `impostor.ts KEY CERTIFICATE`: a TLS server on 127.0.0.1:8006 that refuses all that it is sent, and prints it as a
 * line of JSON when the connection is over, also of one that ended with the handshake.
 */
const [, , key = '', certificate = ''] = process.argv;
/** What came through each connection that is open, by the client's port. */
const received = new Map<number | undefined, string>();

const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => {
  socket.setEncoding('utf8').on('data', (text: string) => {
    received.set(socket.remotePort, `${received.get(socket.remotePort) ?? ''}${text}`);
    socket.end('HTTP/1.1 401 No ticket\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  socket.on('error', () => undefined);
});
server.on('connection', (connection) => {
  const { remotePort } = connection;
  connection.on('close', () => {
    process.stdout.write(`${JSON.stringify({ received: received.get(remotePort) ?? '' })}\n`);
    received.delete(remotePort);
  });
});
server.on('tlsClientError', () => undefined);
server.listen(8006, '127.0.0.1', () => void process.stdout.write('listening\n'));
