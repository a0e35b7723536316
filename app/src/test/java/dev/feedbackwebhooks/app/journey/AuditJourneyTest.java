package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.proto.v1.AuditAction.*;
import static dev.feedbackwebhooks.proto.v1.AuditAuthentication.*;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.nimbusds.jose.jwk.JWKSet;
import dev.feedbackwebhooks.proto.v1.AuditActor;
import dev.feedbackwebhooks.proto.v1.AuditRecord;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeleteWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.FieldChange;
import dev.feedbackwebhooks.proto.v1.FieldValue;
import dev.feedbackwebhooks.proto.v1.GetAuditRecordRequest;
import dev.feedbackwebhooks.proto.v1.HeaderParameter;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsResponse;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who changed what, where callers are known by their tokens. Each test has organizations of its
 * own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditJourneyTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String OTHER_SECRET = "abcdef0123456789abcdef0123456789";
  private static final String SCOPES = "configs.read configs.write campaigns.write audit.read";

  private Tokens issuer;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    issuer = new Tokens("k");
    Path jwks = directory.resolve("jwks.json");
    Files.writeString(jwks, new JWKSet(issuer.key().toPublicJWK()).toString());
    endpoint = Endpoint.start(directory);
    server =
        RunningServer.start(
            directory,
            endpoint,
            "--auth=jwt",
            "--auth-jwks=" + jwks,
            "--auth-audience=" + Tokens.AUDIENCE);
    api = new Api(server);
  }

  @AfterAll
  void end() {
    server.close();
    endpoint.close();
  }

  private Api caller(String subject, String... organizations) throws Exception {
    return api.as(new Bearer(issuer.signed(Tokens.claims(SCOPES, organizations).subject(subject))));
  }

  @Test
  void eachChangeTellsWhoDidWhatAndWhen() throws Exception {
    Api ann = caller("ann", "one");
    Api bob = caller("bob", "two");
    WebhookConfig created = create(ann, "one", withSecrets());
    WebhookConfig others = create(bob, "two", Api.config(endpoint.url("/")));
    WebhookConfig updated = update(ann, created.toBuilder().setUrl(endpoint.url("/new")), "url");
    optIn(ann, "one");
    delete(ann, created.getName());

    List<AuditRecord> records = list(ann, "one", "").getAuditRecordsList();
    assertThat(records)
        .extracting(AuditRecord::getAction)
        .containsExactly(
            AUDIT_ACTION_DELETE_CONFIG,
            AUDIT_ACTION_OPT_IN_CAMPAIGN,
            AUDIT_ACTION_UPDATE_CONFIG,
            AUDIT_ACTION_CREATE_CONFIG);
    assertThat(records).extracting(AuditRecord::getActor).containsOnly(actor("ann"));
    assertThat(records)
        .extracting(AuditRecord::getResource)
        .containsExactly(
            created.getName(),
            parent("one") + "/campaigns/c",
            created.getName(),
            created.getName());
    assertThat(records.get(3).getCreateTime()).isEqualTo(created.getCreateTime());
    assertThat(records.get(2).getCreateTime()).isEqualTo(updated.getUpdateTime());
    assertThat(records.get(2).getChangesList())
        .containsExactly(changed("url", endpoint.url("/"), endpoint.url("/new")));
    assertThat(records.get(1).getChangesList())
        .containsExactly(set("webhooks_enabled", text("true")));
    assertThat(records.get(3).getChangesList())
        .contains(
            set("display_name", text("Feedback")),
            set("header_parameters[\"x-tenant\"].value", text("blue")),
            set("jwt.key_fingerprint", fingerprint(created.getJwt().getKeyFingerprint())));
    assertThat(get(ann, records.getFirst().getName())).isEqualTo(records.getFirst());

    List<AuditRecord> elsewhere = list(bob, "two", "").getAuditRecordsList();
    assertThat(elsewhere).hasSize(1);
    assertThat(elsewhere.getFirst().getActor()).isEqualTo(actor("bob"));
    assertThat(elsewhere.getFirst().getResource()).isEqualTo(others.getName());
    Api auditor = caller("auditor", "*");
    assertThat(list(auditor, "-", "").getAuditRecordsList())
        .containsAll(records)
        .containsAll(elsewhere);
  }

  @Test
  void noSecretIsInAnyRecordButWhetherOneChangedIs() throws Exception {
    Api ann = caller("ann", "secrets");
    WebhookConfig created = create(ann, "secrets", withSecrets());
    WebhookConfig.Builder next = created.toBuilder();
    next.getJwtBuilder().setSecret(ByteString.copyFromUtf8(OTHER_SECRET));
    next.getHeaderParametersBuilder(1).setValue("5678");
    var _ = update(ann, next, "jwt", "header_parameters");
    delete(ann, created.getName());

    List<AuditRecord> records = list(ann, "secrets", "").getAuditRecordsList();
    assertThat(records.get(1).getChangesList())
        .extracting(FieldChange::getField)
        .containsExactly("jwt.key_fingerprint", "header_parameters[\"x-pin\"].value");
    assertThat(records.get(1).getChangesList())
        .allMatch(change -> change.getBefore().getFingerprint().length() == 16)
        .allMatch(change -> change.getAfter().getFingerprint().length() == 16)
        .noneMatch(change -> change.getBefore().equals(change.getAfter()));
    assertThat(value(records.get(2), "header_parameters[\"x-pin\"].value"))
        .as("the same secret has the same fingerprint")
        .isEqualTo(records.get(1).getChanges(1).getBefore());
    assertThat(records.toString())
        .doesNotContain(SECRET)
        .doesNotContain(OTHER_SECRET)
        .doesNotContain("\"1234\"")
        .doesNotContain("\"5678\"");
    assertThat(server.log()).doesNotContain(SECRET);
  }

  private static FieldValue value(AuditRecord record, String field) {
    return record.getChangesList().stream()
        .filter(change -> change.getField().equals(field))
        .findFirst()
        .orElseThrow()
        .getAfter();
  }

  @Test
  void whatIsRefusedOrOnlyCheckedLeavesNoRecord() throws Exception {
    Api ann = caller("ann", "refused");
    WebhookConfig.Builder config = Api.config(endpoint.url("/"));
    WebhookConfig created = create(ann, "refused", config);
    var _ = Refusal.of(() -> create(ann, "refused", config));
    var _ = Refusal.of(() -> update(ann, created.toBuilder().setUrl("http://x"), "url"));
    var _ = Refusal.of(() -> update(ann, created.toBuilder().setEtag("stale"), "url"));
    Api eve = caller("eve", "elsewhere");
    var _ = Refusal.of(() -> create(eve, "refused", config));
    var _ =
        ann.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(created.toBuilder().setDisplayName("Other"))
                .setValidateOnly(true)
                .build());
    assertThat(list(ann, "refused", "").getAuditRecordsCount()).isEqualTo(1);
    var _ = update(ann, created.toBuilder(), "url");
    assertThat(list(ann, "refused", "").getAuditRecordsList())
        .as("an update without a difference is one all the same")
        .hasSize(2)
        .first()
        .satisfies(record -> assertThat(record.getChangesList()).isEmpty());
  }

  @Test
  void anOrganizationReadsItsOwnRecordsOnly() throws Exception {
    Api ann = caller("ann", "own");
    var _ = create(ann, "own", Api.config(endpoint.url("/")));
    AuditRecord record = list(ann, "own", "").getAuditRecords(0);
    Api eve = caller("eve", "other");
    assertThat(Refusal.of(() -> get(eve, record.getName())).code())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(Refusal.of(() -> list(eve, "own", "")).code())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(Refusal.of(() -> list(eve, "-", "")).code())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    String id = record.getName().substring(record.getName().lastIndexOf('/'));
    for (String name : List.of(id, "/0", "/x", "/9999999999999999999")) {
      Refusal refusal = Refusal.of(() -> get(eve, parent("other") + "/auditRecords" + name));
      assertThat(refusal.code()).as(name).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(refusal.reason()).isEqualTo("AUDIT_RECORD_NOT_FOUND");
    }
    assertThat(Refusal.of(() -> get(eve, parent("other"))).fields()).containsExactly("name");
  }

  @Test
  void recordsAreListedInPagesAndByResourceAndTime() throws Exception {
    Api ann = caller("ann", "pages");
    WebhookConfig created = create(ann, "pages", Api.config(endpoint.url("/")));
    for (int i = 0; i < 4; i++) {
      optIn(ann, "pages");
    }
    List<AuditRecord> all = list(ann, "pages", "").getAuditRecordsList();
    assertThat(all).hasSize(5);
    assertThat(paged(ann, "pages", 2)).isEqualTo(all);
    String byResource = "resource = \"" + created.getName() + "\"";
    assertThat(list(ann, "pages", byResource).getAuditRecordsList()).containsExactly(all.getLast());
    assertThat(list(ann, "pages", "create_time < \"2026-01-01T00:00:00Z\"").getAuditRecordsCount())
        .isZero();
    assertThat(list(ann, "pages", "create_time > \"2026-01-01T00:00:00Z\"").getAuditRecordsList())
        .isEqualTo(all);
    Refusal filter = Refusal.of(() -> list(ann, "pages", "actor = ann"));
    assertThat(filter.reason()).isEqualTo("INVALID_FILTER");
    Refusal token =
        Refusal.of(() ->
            ann.audit.listAuditRecords(
                ListAuditRecordsRequest.newBuilder()
                    .setParent(parent("pages"))
                    .setPageToken("nonsense")
                    .build()));
    assertThat(token.reason()).isEqualTo("INVALID_PAGE_TOKEN");
  }

  @Test
  void aPageHoldsNoMoreThanAClientTakes() throws Exception {
    Api ann = caller("ann", "large");
    WebhookConfig.Builder config = Api.config(endpoint.url("/"));
    WebhookConfig created = create(ann, "large", config);
    for (int i = 0; i < 100; i++) {
      WebhookConfig.Builder next = created.toBuilder().clearHeaderParameters();
      for (int header = 0; header < 16; header++) {
        next.addHeaderParameters(
            HeaderParameter.newBuilder()
                .setName("x-" + i + "-" + header)
                .setValue("v".repeat(900)));
      }
      var _ = update(ann, next, "header_parameters");
    }
    List<AuditRecord> records = paged(ann, "large", 100);
    assertThat(records).hasSize(101).doesNotHaveDuplicates();
    assertThat(records.stream().mapToInt(AuditRecord::getSerializedSize).sum())
        .as("or the test tests nothing")
        .isGreaterThan(3 << 20);
    assertThat(list(ann, "large", "").getSerializedSize()).isLessThan((2 << 20) + (64 << 10));
  }

  /** All records, page by page. */
  private List<AuditRecord> paged(Api caller, String organization, int size) {
    List<AuditRecord> all = new ArrayList<>();
    String next = "";
    do {
      ListAuditRecordsResponse page =
          caller.audit.listAuditRecords(
              ListAuditRecordsRequest.newBuilder()
                  .setParent(parent(organization))
                  .setPageSize(size)
                  .setPageToken(next)
                  .build());
      assertThat(page.getAuditRecordsCount()).isBetween(1, size);
      assertThat(page.getSerializedSize()).isLessThan(3 << 20);
      all.addAll(page.getAuditRecordsList());
      assertThat(all).as("pages come to an end").hasSizeLessThan(200);
      next = page.getNextPageToken();
    } while (!next.isEmpty());
    return all;
  }

  private static String parent(String organization) {
    return "organizations/" + organization + "/sandboxes/" + (organization.equals("-") ? "-" : "s");
  }

  private WebhookConfig.Builder withSecrets() {
    return Api.config(endpoint.url("/"))
        .setJwt(
            JwtAuthentication.newBuilder()
                .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
                .setSecret(ByteString.copyFromUtf8(SECRET)))
        .addHeaderParameters(HeaderParameter.newBuilder().setName("x-tenant").setValue("blue"))
        .addHeaderParameters(
            HeaderParameter.newBuilder().setName("x-pin").setValue("1234").setSensitive(true));
  }

  private WebhookConfig create(Api caller, String organization, WebhookConfig.Builder config) {
    return caller.configs.createWebhookConfig(
        CreateWebhookConfigRequest.newBuilder()
            .setParent(parent(organization))
            .setWebhookConfig(config)
            .build());
  }

  private WebhookConfig update(Api caller, WebhookConfig.Builder config, String... fields) {
    return caller.configs.updateWebhookConfig(
        UpdateWebhookConfigRequest.newBuilder()
            .setWebhookConfig(config.getEtag().equals("stale") ? config : config.clearEtag())
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(fields)))
            .build());
  }

  private void delete(Api caller, String name) {
    var _ =
        caller.configs.deleteWebhookConfig(
            DeleteWebhookConfigRequest.newBuilder().setName(name).build());
  }

  private void optIn(Api caller, String organization) {
    var _ =
        caller.campaigns.updateCampaign(
            UpdateCampaignRequest.newBuilder()
                .setCampaign(
                    Campaign.newBuilder()
                        .setName(parent(organization) + "/campaigns/c")
                        .setWebhooksEnabled(true))
                .build());
  }

  private AuditRecord get(Api caller, String name) {
    return caller.audit.getAuditRecord(GetAuditRecordRequest.newBuilder().setName(name).build());
  }

  private ListAuditRecordsResponse list(Api caller, String organization, String filter) {
    return caller.audit.listAuditRecords(
        ListAuditRecordsRequest.newBuilder()
            .setParent(parent(organization))
            .setFilter(filter)
            .setPageSize(1_000)
            .build());
  }

  private static AuditActor actor(String subject) {
    return AuditActor.newBuilder()
        .setAuthentication(AUDIT_AUTHENTICATION_TOKEN)
        .setSubject(subject)
        .setIssuer(Tokens.ISSUER)
        .build();
  }

  private static FieldValue text(String text) {
    return FieldValue.newBuilder().setText(text).build();
  }

  private static FieldValue fingerprint(String fingerprint) {
    return FieldValue.newBuilder().setFingerprint(fingerprint).build();
  }

  private static FieldChange set(String field, FieldValue after) {
    return FieldChange.newBuilder().setField(field).setAfter(after).build();
  }

  private static FieldChange changed(String field, String before, String after) {
    return FieldChange.newBuilder()
        .setField(field)
        .setBefore(text(before))
        .setAfter(text(after))
        .build();
  }
}
