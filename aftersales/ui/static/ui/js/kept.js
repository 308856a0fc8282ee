// Forms that could not be sent, kept on this device: encrypted under a key that never leaves it, until they are sent or discarded.
const NAME = "kept";
const text = new TextEncoder();

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opened;
function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("forms", { keyPath: "id", autoIncrement: true });
      request.result.createObjectStore("facts");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function shelf(name, mode = "readonly") {
  return (await database()).transaction(name, mode).objectStore(name);
}

async function key() {
  const found = await asked((await shelf("facts")).get("key"));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await asked((await shelf("facts", "readwrite")).put(made, "key"));
  return made;
}

async function locked(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes) };
}

const unlocked = async ({ iv, bytes }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), bytes);

// Who is signed in on this device, and what the form being sent is called: the page knows, the service worker does not.
export const setFact = async (name, value) => asked((await shelf("facts", "readwrite")).put(value, name));
export const fact = async (name) => asked((await shelf("facts")).get(name));

export async function keep(url, data) {
  const entries = [];
  for (const [name, value] of data) {
    if (typeof value === "string") entries.push({ name, value: await locked(text.encode(value)) });
    else if (value.size) entries.push({ name, file: value.name, type: value.type, value: await locked(await value.arrayBuffer()) });
  }
  const sending = await fact("sending");
  const title = sending?.url === url ? sending.title : new URL(url).pathname;
  const form = { url, title, person: (await fact("person")) ?? "", at: Date.now(), entries, problem: "" };
  return asked((await shelf("forms", "readwrite")).add(form));
}

export const list = async () => asked((await shelf("forms")).getAll());
export const drop = async (id) => asked((await shelf("forms", "readwrite")).delete(id));

export async function note(form, problem) {
  return asked((await shelf("forms", "readwrite")).put({ ...form, problem }));
}

export async function contents(form) {
  const data = new FormData();
  for (const entry of form.entries) {
    const bytes = await unlocked(entry.value);
    if (entry.file === undefined) data.append(entry.name, new TextDecoder().decode(bytes));
    else data.append(entry.name, new File([bytes], entry.file, { type: entry.type }));
  }
  return data;
}
