// The toolkit tries a style element of its own while it loads, and takes the nonce for it from this place. It must come first.
const nonce = document.currentScript?.nonce;
if (nonce) {
  const meta = document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  document.head.append(meta);
}

export {};
