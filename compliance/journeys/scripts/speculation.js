// Speculative loads are not seen by request interception: rules are removed as the parser inserts them.
new MutationObserver((records) => {
  for (const record of records) {
    for (const node of record.addedNodes) {
      if (node.localName === 'script' && node.type === 'speculationrules') node.remove();
      else node.querySelectorAll?.('script[type=speculationrules]').forEach((script) => script.remove());
    }
  }
}).observe(document, { childList: true, subtree: true });
