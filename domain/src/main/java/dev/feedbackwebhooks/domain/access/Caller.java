package dev.feedbackwebhooks.domain.access;

import dev.feedbackwebhooks.domain.fault.Fault;
import java.util.Set;

/**
 * Who calls.
 *
 * @param subject name for the log; never a credential
 * @param permissions what the caller may do
 * @param organizations where it may do so; {@link #ANY} in it means everywhere
 */
public record Caller(String subject, Set<Permission> permissions, Set<String> organizations) {
  /** Stands for every organization; not a legal organization name. */
  public static final String ANY = "-";

  /** The caller where authentication is off: it may do everything. */
  public static final Caller LOCAL = new Caller("local", Set.of(Permission.values()), Set.of(ANY));

  public Caller {
    permissions = Set.copyOf(permissions);
    organizations = Set.copyOf(organizations);
  }

  public boolean reaches(String organization) {
    return organizations.contains(ANY) || organizations.contains(organization);
  }

  /**
   * @param organization the organization that is touched, or {@link #ANY} for all of them
   * @throws Fault.PermissionDenied unless the caller may do this there
   */
  public void require(Permission permission, String organization) {
    require(permission);
    if (!reaches(organization)) {
      throw new Fault.PermissionDenied(
          "the token does not cover "
              + (organization.equals(ANY) ? "all organizations" : "this organization"));
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
