// Channels that request interception does not see are closed before the first script of a page or worker:
// sockets fail as on a network that blocks them; service workers, which outlive a page, are not offered.
(() => {
  if (globalThis.WebSocket) {
    const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
    class WebSocket extends EventTarget {
      constructor(url) {
        super();
        Object.assign(this, { url: String(url), readyState: 0, bufferedAmount: 0, protocol: '', extensions: '', binaryType: 'blob' });
        setTimeout(() => {
          this.readyState = states.CLOSED;
          for (const event of [new Event('error'), new CloseEvent('close', { code: 1006 })]) {
            try { this['on' + event.type]?.(event); } finally { this.dispatchEvent(event); }
          }
        }, 0);
      }
      send() { if (this.readyState === 0) throw new DOMException('Still in CONNECTING state.', 'InvalidStateError'); }
      close() { this.readyState = states.CLOSED; }
    }
    Object.assign(WebSocket, states);
    Object.assign(WebSocket.prototype, states);
    globalThis.WebSocket = WebSocket;
  }
  for (const name of ['WebSocketStream', 'WebTransport', 'RTCPeerConnection', 'webkitRTCPeerConnection']) delete globalThis[name];
  if (globalThis.Navigator) delete Navigator.prototype.serviceWorker;
})();
