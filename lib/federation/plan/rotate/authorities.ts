import type { Member } from '../../model';
import type { ServerTask } from '../plan';
import { serverTask } from '../tasks';

/** What the tasks of a rotation keep: ids of authorities, and certificates as they stand in bundles. */
type Kept = 'PREPARED_CA' | 'PREPARED_CERT' | 'PREPARED_KEY' | 'OLD_CA' | 'OLD_CERT' | 'OLD_KEY' | 'OLD_ROOT';

/**
 * The CA and the JWT key of one server. Of several servers that share a datastore, each has its own, and only the server
 * itself can replace them.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/api/localauthority/v1/service.go
 */
export class Authorities {
  private constructor(
    private readonly member: Member,
    /** Number of the server's pod; undefined where it is the only one. */
    readonly server: number | undefined,
  ) {}

  /** Those of all servers of a member. */
  static of(member: Member): Authorities[] {
    const { replicas = 1 } = member;
    if (replicas <= 1) return [new Authorities(member, undefined)];
    return Array.from({ length: replicas }, (_, server) => new Authorities(member, server));
  }

  /** `taint`, or `taint-1` of the second of several servers. */
  stepId(word: string): string {
    return this.server === undefined ? word : `${word}-${this.server}`;
  }

  /** Whose they are, as a title says it. */
  get owner(): string {
    return this.server === undefined ? this.member.name : `server ${this.server} of ${this.member.name}`;
  }

  /** As later tasks and checks name what a task has kept. */
  kept(word: Kept): string {
    return `$${this.named(word)}`;
  }

  /** Makes the next CA. */
  prepareCa(): ServerTask[] {
    return [this.local('x509', 'prepare', 'PREPARED_CA', 'prepared_authority.authority_id')];
  }

  /** What others have to learn of it: the certificate that stands last in the bundle then. */
  keepPrepared(): ServerTask[] {
    return [this.bundle('PREPARED_CERT', 'x509_authorities.-1.asn1')];
  }

  prepareKey(): ServerTask[] {
    return [this.local('jwt', 'prepare', 'PREPARED_KEY', 'prepared_authority.authority_id')];
  }

  activateCa(): ServerTask[] {
    return [this.onto('x509', 'activate', 'PREPARED_CA'), this.local('x509', 'show', 'OLD_CA', 'old.authority_id')];
  }

  activateKey(): ServerTask[] {
    return [this.onto('jwt', 'activate', 'PREPARED_KEY'), this.local('jwt', 'show', 'OLD_KEY', 'old.authority_id')];
  }

  /** Taints the old CA, the only one in the bundle that is tainted then. */
  taintCa(): ServerTask[] {
    return [this.onto('x509', 'taint', 'OLD_CA'), this.taintedCert()];
  }

  taintKey(): ServerTask[] {
    return [this.onto('jwt', 'taint', 'OLD_KEY')];
  }

  revokeCa(): ServerTask[] {
    return [this.onto('x509', 'revoke', 'OLD_CA')];
  }

  /** Any server revokes a JWT key that its own server has tainted. */
  revokeKey(of: Authorities = this): ServerTask[] {
    return [this.task(['localauthority', 'jwt', 'revoke', '-authorityID', of.kept('OLD_KEY')])];
  }

  /** Taints the root of the upstream authority that is above the old CA. */
  taintRoot(): ServerTask[] {
    return [
      this.local('x509', 'show', 'OLD_ROOT', 'old.upstream_authority_subject_key_id'),
      this.task(['upstreamauthority', 'taint', '-subjectKeyID', this.kept('OLD_ROOT')]),
      this.taintedCert(),
    ];
  }

  revokeRoot(): ServerTask[] {
    return [this.task(['upstreamauthority', 'revoke', '-subjectKeyID', this.kept('OLD_ROOT')])];
  }

  private taintedCert(): ServerTask {
    return this.bundle('OLD_CERT', 'x509_authorities.tainted=true.asn1');
  }

  private named(word: Kept): string {
    return this.server === undefined ? word : `${word}_${this.server}`;
  }

  private local(kind: 'x509' | 'jwt', verb: string, name: Kept, path: string): ServerTask {
    return this.task(['localauthority', kind, verb, '-output', 'json'], { keeps: { name: this.named(name), path } });
  }

  private onto(kind: 'x509' | 'jwt', verb: string, authority: Kept): ServerTask {
    return this.task(['localauthority', kind, verb, '-authorityID', this.kept(authority)]);
  }

  private bundle(name: Kept, path: string): ServerTask {
    return this.task(['bundle', 'show', '-output', 'json'], { keeps: { name: this.named(name), path } });
  }

  private task(args: readonly string[], rest: Pick<ServerTask, 'keeps'> = {}): ServerTask {
    return serverTask(this.member, args, { ...rest, ...(this.server !== undefined && { server: this.server }) });
  }
}
