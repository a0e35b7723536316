package dev.feedbackwebhooks.domain.access;

import dev.feedbackwebhooks.domain.fault.Fault;
import java.util.Set;

/**
 * The caller of an RPC, with its permissions.
 *
 * @param actor who it is
 * @param permissions what the caller may do
 * @param organizations where it may do so; {@link #ANY} in it means everywhere
 * @param sandboxes in which sandboxes of them; {@link #ANY} in it means in all
 */
public record Caller(
    Actor actor, Set<Permission> permissions, Set<String> organizations, Set<String> sandboxes) {
  /** Stands for every organization or sandbox; not a legal name of one. */
  public static final String ANY = "-";

  public Caller {
    permissions = Set.copyOf(permissions);
    organizations = Set.copyOf(organizations);
    sandboxes = Set.copyOf(sandboxes);
  }

  /** The caller where no token is asked for: it may do everything. */
  public static Caller unlimited(Actor actor) {
    return new Caller(actor, Set.of(Permission.values()), Set.of(ANY), Set.of(ANY));
  }

  /**
   * Whether the caller's permissions hold there.
   *
   * @param organization one, or {@link #ANY} for all of them together
   * @param sandbox likewise
   */
  public boolean reaches(String organization, String sandbox) {
    return covers(organizations, organization) && covers(sandboxes, sandbox);
  }

  /** Whether the caller's permissions may hold in some sandbox of this organization. */
  public boolean reachesInto(String organization) {
    return covers(organizations, organization);
  }

  private static boolean covers(Set<String> granted, String name) {
    return granted.contains(ANY) || granted.contains(name);
  }

  /**
   * The answer is the same whether or not anything exists there.
   *
   * @throws Fault.PermissionDenied unless the caller's permissions hold there
   */
  public void requireReach(String organization, String sandbox) {
    if (!reaches(organization, sandbox)) {
      throw new Fault.PermissionDenied(
          organization.equals(ANY) || sandbox.equals(ANY)
              ? "the token does not cover all that this name stands for: name an organization and"
                  + " a sandbox"
              : "the token does not cover this organization and sandbox");
    }
  }

  /**
   * @throws Fault.PermissionDenied unless the caller may do this somewhere
   */
  public void require(Permission permission) {
    if (!permissions.contains(permission)) {
      throw new Fault.PermissionDenied(
          "this call needs the scope '" + permission.scope() + "', which the token lacks");
    }
  }
}
