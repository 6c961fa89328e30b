/** Help of the commands about images of workloads. */
export const IMAGE_HELP = {
  image: `spirekit image: builds images of workloads from their programs, without a daemon, and pushes them

Usage: spirekit image build [ENTRY] [options]
       spirekit image push LAYOUT [--to REPOSITORY] [--ca FILE] [--plain-http]
       spirekit image archive LAYOUT FILE [--form oci|docker] [--platform NAME] [--to REPOSITORY]

What is built:
  ENTRY               the file that the program begins with, in TypeScript or JavaScript
  --repository NAME   where the image is pushed to, such as registry.example.com/shop/server; a tag may follow it
  --layout FOLDER     where the image is put, as OCI layout [default: images/ and the last word of the repository]
  --platform NAME     linux/amd64 or linux/arm64; may be repeated [default: both]
  --node VERSION      22, 24 or 26, or an exact version that is known [default: 24]
  --base IMAGE        builds upon this image, which is named with its digest, instead of from nothing
  --file FROM=TO      puts a file or folder below /app; may be repeated
  --env NAME=VALUE    a variable of the environment; may be repeated
  --label NAME=VALUE  may be repeated [default: title, version and the like of package.json]
  --define NAME=EXPR  replaces an expression of the program; may be repeated
  --source-map        adds the source map, by which errors name lines of the source
  no ENTRY            each WorkloadImage of a program of constructs: of --app COMMAND (with --timeout TIME), else of
                      ./cdk8s.yaml

How:
  --backend NAME      spirekit, or buildah, which has to be there [default: spirekit]
  --cache FOLDER      what was downloaded, and layers [default: SPIREKIT_CACHE, else the user's folder for caches]
  --npm-registry URL  has Node.js; the hashes of what comes from it are known here [default: npm's own setting]
  --debian-mirror URL has the C libraries; may be repeated [default: deb.debian.org, snapshot.debian.org]

What becomes of it:
  --push              pushes it, with the credentials that docker login or podman login left
  --ca FILE           certificates of authorities to trust beside the public ones, in PEM
  --plain-http        speaks to the registry without TLS; this machine's own needs no such word
  --json              what was built, for programs
  push                pushes what was built: --to REPOSITORY [default: the one that it was built for]
  archive             one file of it: --form oci for skopeo, podman and containerd, which then knows it by its digest;
                      --form docker, with a --platform, for docker load [default: oci]

The same program gives the same image, bit by bit, on every machine.

Exit codes:
  0  done
  2  it could not be done; the image that was there before is as it was
`,
};
