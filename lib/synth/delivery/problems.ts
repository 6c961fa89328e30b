/** What is wrong with a text, and how to write it. */
export type Problem = { readonly message: string; readonly remedy: string } | undefined;

/** Characters that break a line or are not seen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202f\u2060\ufeff]/u;

/** Argo CD takes what stands in double braces for a template. */
const templateProblem = (text: string): Problem =>
  text.includes('{{')
    ? { message: "holds '{{', which Argo CD takes for a template", remedy: 'write it without' }
    : undefined;

/** A folder of a repository, from its root. */
export function repositoryPathProblem(path: string): Problem {
  const remedy = "write the output folder as seen from the repository's root, such as 'deploy/dist', or '.'";
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return { message: 'is an absolute path', remedy };
  if (path.includes('\\')) return { message: 'has a backslash', remedy: "write '/' between folders" };
  if (path.split('/').includes('..')) return { message: 'leads out of the repository', remedy };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path) || path !== path.trim()) {
    return { message: 'has white space at an end, or a control character', remedy };
  }
  return templateProblem(path);
}

/** `./a//b/` as `a/b`; the root as the empty text. */
export const plainPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

const SCP_LIKE = /^(?:[\w.-]+@)?[\w.-]+:(?!\/\/)\S+$/;

/** The URL of a Git repository. */
export function repoUrlProblem(url: string): Problem {
  const remedy = "write such as 'https://git.example.com/platform.git' or 'git@git.example.com:platform.git'";
  if (url.includes('{{')) return templateProblem(url);
  if (UNSEEN.test(url)) return { message: 'has white space in it', remedy };
  if (!/^[a-z][a-z+]*:\/\//i.test(url)) {
    return SCP_LIKE.test(url) ? undefined : { message: 'is not the URL of a Git repository', remedy };
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed?.hostname || parsed.pathname.length < 2) return { message: 'is not the URL of a Git repository', remedy };
  if (!['https:', 'ssh:', 'http:', 'git:'].includes(parsed.protocol)) {
    return { message: 'is of a kind that is not known here', remedy };
  }
  if (parsed.password !== '' || (parsed.protocol !== 'ssh:' && parsed.username !== '')) {
    return {
      message: 'holds a user or a password',
      remedy: 'give Argo CD the credentials in a Secret, and leave them out here',
    };
  }
  return undefined;
}

/** Why a repository should not be read by this URL. */
export const openUrlProblem = (url: string): Problem =>
  /^(?:http|git):/i.test(url)
    ? {
        message: 'is not authenticated: whoever is on the way decides what runs in the clusters',
        remedy: "write 'https://…' or 'ssh://…'",
      }
    : undefined;

/** A URL as it can be shown: without user and password. */
export const withoutPassword = (url: string): string => url.replace(/\/\/[^/]*@/, '//');

/** A branch, a tag, a commit, or a range of versions. */
export function revisionProblem(revision: string): Problem {
  const remedy = "write a branch, a tag or a commit, such as 'main'";
  if (revision.startsWith('-') || revision.includes('..') || UNSEEN.test(revision)) {
    return { message: 'is not a revision of a Git repository', remedy };
  }
  return templateProblem(revision);
}

/** A cluster as Argo CD knows it. */
export function destinationProblem(destination: string): Problem {
  const remedy = "write its name in Argo CD, or the URL of its API server, such as 'https://api.east.example.com:6443'";
  if (destination.includes('{{')) return templateProblem(destination);
  if (UNSEEN.test(destination)) return { message: 'has white space in it', remedy };
  if (!destination.includes('://')) return undefined;
  const parsed = URL.canParse(destination) ? new URL(destination) : undefined;
  return parsed?.protocol === 'https:' && parsed.hostname !== '' && parsed.username === ''
    ? undefined
    : { message: 'is not the URL of an API server', remedy };
}
