import { z } from 'zod';

/**
 * A host name or address as an ssh destination. It must begin with a letter or digit (or, for
 * IPv6, a colon), so that it can never be read as an option.
 */
export const hostSchema = z
  .string()
  .max(253)
  .regex(/^[a-z0-9:](?:[a-z0-9.:_-]*[a-z0-9])?$/i, 'is no host name or address')
  .meta({ description: 'Host name or address.', examples: ['firewall.mgmt.internal'] });

/** A login name as POSIX systems and FreeBSD take it. */
export const userSchema = z
  .string()
  .max(32)
  .regex(/^[a-z_][a-z0-9_.-]*\$?$/i, 'is no user name')
  .meta({ description: 'Login name.', examples: ['root'] });

/** A TCP port for ssh; the user's own ssh configuration decides where it is left out. */
export const portSchema = z
  .int()
  .min(1)
  .max(65_535)
  .meta({ description: 'TCP port; what the ssh configuration says where it is left out.', examples: [22] });

/** A private key file; ssh's own choice where it is left out. */
export const identityFileSchema = z
  .string()
  .min(1)
  .max(4096)
  .meta({
    description:
      'Private key file; `~/` is the home directory, a relative path starts at the configuration file. The choice of ssh where it is left out.',
    examples: ['~/.ssh/id_ed25519'],
  });

/** A machine that is reached by ssh. */
export const sshTargetSchema = z.strictObject({
  host: hostSchema,
  user: userSchema.default('root').meta({ description: 'Login name.', examples: ['root'] }),
  port: portSchema.optional(),
  identityFile: identityFileSchema.optional(),
});
