const NOWHERE = { pathname: '', search: '' };

/** The path of a request, and what follows it; of what is no path, nothing. */
export function pathOf(url = '/'): { readonly pathname: string; readonly search: string } {
  const at = url.startsWith('/') ? `http://router${url}` : url;
  return URL.canParse(at) ? new URL(at) : NOWHERE;
}
