/** Privileges on a path and on everything below it. */
export interface AclEntry {
  readonly path: string;
  readonly privileges: readonly string[];
}

/** An API token and what it may do; a token has no rights but these. */
export interface ApiToken {
  /** `USER@REALM!ID`. */
  readonly id: string;
  readonly secret: string;
  readonly acl: readonly AclEntry[];
}

/** Who asks. */
export interface Identity {
  /** `USER@REALM`. */
  readonly user: string;
  /** The part after `!`, for a token. */
  readonly tokenId?: string;
  /** root@pam itself: permission checks are skipped. A token of root@pam is not. */
  readonly superuser: boolean;
  readonly acl: readonly AclEntry[];
  /** The pool of a guest; its rights on the pool are rights on the guest. Absent: there are no pools. */
  readonly poolOf?: ReadonlyMap<number, string>;
}

/** root@pam, as the node's own command line and the node itself act. */
export const root: Identity = { user: 'root@pam', superuser: true, acl: [] };

/** The name as it stands in UPIDs: `root@pam!id` for a token. */
export function fullName(identity: Identity): string {
  return identity.tokenId === undefined ? identity.user : `${identity.user}!${identity.tokenId}`;
}
