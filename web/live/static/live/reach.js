/** Asking the server, whichever way it fails to answer. */

/** No answer came. Every browser words this in its own way. */
export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached.");
  }
}

/** A request with a JSON body, a form or none. Throws Unreachable. */
export async function reach(method, path, { body, token } = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  // The browser names a form's type itself: its boundary is part of it.
  const isJson = body !== undefined && !(body instanceof FormData);
  if (isJson) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, { method, headers, body: isJson ? JSON.stringify(body) : body });
  } catch {
    throw new Unreachable();
  }
}

/** What a refusal says first; some words of our own where it says nothing. */
export async function wordsOf(response) {
  const answer = await response.json().catch(() => null);
  const words = Object.values(answer ?? {}).flat().find((value) => typeof value === "string");
  return words ?? "Something went wrong. Please try again.";
}
