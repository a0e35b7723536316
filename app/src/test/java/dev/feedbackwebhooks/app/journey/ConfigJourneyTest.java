package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeleteWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.EndpointHealthState;
import dev.feedbackwebhooks.proto.v1.GetCampaignRequest;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.HeaderParameter;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.ListCampaignsRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsResponse;
import dev.feedbackwebhooks.proto.v1.NoAuthentication;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigState;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The life of configurations and campaigns, as their owners see it. */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigJourneyTest {
  private static final String SECRET = "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t";

  Path directory;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;
  private int organizations;

  @BeforeAll
  void start(@TempDir Path kept) throws Exception {
    directory = kept;
    try (Endpoint any = Endpoint.start(directory)) {
      server = RunningServer.start(directory, any);
    }
  }

  @BeforeEach
  void open() throws Exception {
    endpoint = Endpoint.start(directory);
    api = new Api(server, "org-" + ++organizations);
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  @AfterAll
  void end() {
    server.close();
  }

  @Test
  void aSecondConfigurationOfTheSameSandboxIsRefused() {
    WebhookConfig first = api.create(full().build());
    Refusal second = Refusal.of(() -> api.create(full().setDisplayName("Other").build()));
    assertThat(second.code()).isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(second.reason()).isEqualTo("CONFIG_ALREADY_EXISTS");
    assertThat(get()).isEqualTo(first);
  }

  @Test
  void secretsAreNeverReadBackOrLogged() {
    WebhookConfig created = api.create(full().build());
    assertThat(created.getJwt().getSecret()).isEqualTo(ByteString.EMPTY);
    assertThat(created.getJwt().getKeyFingerprint()).hasSize(16);
    assertThat(created.getHeaderParameters(1).getValue()).isEmpty();
    assertThat(created.getHeaderParameters(0).getValue()).isEqualTo("blue");
    String seen =
        created
            + get().toString()
            + list("organizations/-/sandboxes/-", 10, "")
            + update(WebhookConfig.newBuilder().setDisplayName("x"), "display_name")
            + Refusal.of(() -> api.create(full().setUrl("http://a").build())).status()
            + server.log();
    assertThat(seen).doesNotContain("s3cr3t");
  }

  @Test
  void validateOnlyStoresNothing() {
    WebhookConfig checked =
        api.configs.createWebhookConfig(
            CreateWebhookConfigRequest.newBuilder()
                .setParent(api.parent())
                .setWebhookConfig(full())
                .setValidateOnly(true)
                .build());
    assertThat(checked.getName()).isEqualTo(api.configName());
    assertThat(Refusal.of(this::get).code()).isEqualTo(Status.Code.NOT_FOUND);
    WebhookConfig stored = api.create(full().build());
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    WebhookConfig.newBuilder().setName(api.configName()).setDisplayName("y"))
                .setValidateOnly(true)
                .build());
    assertThat(get()).isEqualTo(stored);
  }

  @Test
  void anUpdateChangesWhatItsMaskNamesAndKeepsSecrets() {
    WebhookConfig created = api.create(full().build());

    WebhookConfig renamed =
        update(
            WebhookConfig.newBuilder()
                .setDisplayName("New")
                .setUrl("https://elsewhere.example.com/"),
            "display_name");
    assertThat(renamed.getDisplayName()).isEqualTo("New");
    assertThat(renamed.getUrl()).isEqualTo(created.getUrl());
    assertThat(renamed.getEtag()).isNotEqualTo(created.getEtag());
    assertThat(renamed.getCreateTime()).isEqualTo(created.getCreateTime());
    assertThat(renamed.getJwt()).isEqualTo(created.getJwt());

    WebhookConfig given = update(WebhookConfig.newBuilder().setUrl(endpoint.url("/new")));
    assertThat(given.getUrl()).isEqualTo(endpoint.url("/new"));
    assertThat(given.getDisplayName()).as("an empty mask means what is given").isEqualTo("New");

    WebhookConfig nested =
        update(
            WebhookConfig.newBuilder().setJwt(JwtAuthentication.newBuilder().setIssuer("i2")),
            "jwt.issuer");
    assertThat(nested.getJwt().getIssuer()).isEqualTo("i2");
    assertThat(nested.getJwt().getKeyFingerprint()).isEqualTo(created.getJwt().getKeyFingerprint());

    WebhookConfig open =
        update(
            WebhookConfig.newBuilder().setNoAuthentication(NoAuthentication.getDefaultInstance()),
            "no_authentication");
    assertThat(open.hasJwt()).isFalse();
    assertThat(open.getHeaderParametersList()).isEqualTo(created.getHeaderParametersList());

    WebhookConfig all = update(Api.config(endpoint.url("/all")), "*");
    assertThat(all.getHeaderParametersList()).isEmpty();
    assertThat(all.getDisplayName()).isEqualTo("Feedback");
  }

  @Test
  void outputOnlyFieldsAreIgnoredAndUnknownOnesRefused() {
    WebhookConfig created = api.create(full().build());
    WebhookConfig updated =
        update(
            WebhookConfig.newBuilder()
                .setState(WebhookConfigState.WEBHOOK_CONFIG_STATE_DISABLED)
                .setDisplayName("New"),
            "state",
            "create_time",
            "display_name");
    assertThat(updated.getState()).isEqualTo(WebhookConfigState.WEBHOOK_CONFIG_STATE_ACTIVE);
    assertThat(updated.getCreateTime()).isEqualTo(created.getCreateTime());
    for (String path :
        new String[] {"nonsense", "jwt.nonsense", "header_parameters.name", "authentication"}) {
      Refusal refusal = Refusal.of(() -> update(WebhookConfig.newBuilder(), path));
      assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refusal.fields()).containsExactly("update_mask");
    }
  }

  /** A name says which one is meant: another name means another one. */
  @Test
  void aNameCannotBeChanged() {
    WebhookConfig created = api.create(full().build());
    String elsewhere = api.configName().replace("/prod/", "/elsewhere/");
    Refusal refusal =
        Refusal.of(() ->
            api.configs.updateWebhookConfig(
                UpdateWebhookConfigRequest.newBuilder()
                    .setWebhookConfig(created.toBuilder().setName(elsewhere))
                    .build()));
    assertThat(refusal.code()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(update(WebhookConfig.newBuilder().setDisplayName("New"), "name", "display_name"))
        .extracting(WebhookConfig::getName, WebhookConfig::getDisplayName)
        .containsExactly(api.configName(), "New");
  }

  @Test
  void aStaleEtagAbortsAndNothingChanges() {
    WebhookConfig created = api.create(full().build());
    WebhookConfig updated =
        update(WebhookConfig.newBuilder().setDisplayName("New").setEtag(created.getEtag()));
    Refusal stale =
        Refusal.of(() ->
            update(WebhookConfig.newBuilder().setDisplayName("Late").setEtag(created.getEtag())));
    assertThat(stale.code()).isEqualTo(Status.Code.ABORTED);
    assertThat(stale.reason()).isEqualTo("STALE_ETAG");
    assertThat(Refusal.of(() -> delete(created.getEtag())).code()).isEqualTo(Status.Code.ABORTED);
    assertThat(get()).isEqualTo(updated);
    delete(updated.getEtag());
    assertThat(Refusal.of(this::get).reason()).isEqualTo("CONFIG_NOT_FOUND");
    assertThat(Refusal.of(() -> update(WebhookConfig.newBuilder())).code())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(Refusal.of(() -> delete("")).code()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void listsComeInPagesThatInsertsDoNotSpoil() {
    for (String sandbox : new String[] {"b", "d", "f"}) {
      create("o1", sandbox);
    }
    create("o2", "a");
    ListWebhookConfigsResponse first = list("organizations/o1/sandboxes/-", 2, "");
    create("o1", "a");
    create("o1", "e");
    List<String> seen = new ArrayList<>(names(first));
    ListWebhookConfigsResponse second =
        list("organizations/o1/sandboxes/-", 2, first.getNextPageToken());
    seen.addAll(names(second));
    assertThat(seen).containsExactly("b", "d", "e", "f");
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(names(list("organizations/-/sandboxes/a", 0, ""))).containsExactly("a", "a");

    Refusal foreign =
        Refusal.of(() -> list("organizations/o2/sandboxes/-", 2, first.getNextPageToken()));
    assertThat(foreign.reason()).isEqualTo("INVALID_PAGE_TOKEN");
    assertThat(Refusal.of(() -> list("organizations/o1/sandboxes/-", 2, "!")).reason())
        .isEqualTo("INVALID_PAGE_TOKEN");
    assertThat(Refusal.of(() -> list("organizations/o1/sandboxes/-", -1, "")).fields())
        .containsExactly("page_size");
  }

  @Test
  void aNameOutsideAsciiIsStoredInItsIdnaForm() {
    WebhookConfig created = api.create(Api.config("https://HÖÖKS.example.com/ä?q=ü").build());
    assertThat(created.getUrl()).isEqualTo("https://xn--hks-snaa.example.com/%C3%A4?q=%C3%BC");
  }

  @Test
  void aPathIsSentAsItWasGivenComposedOrNot() {
    WebhookConfig created =
        api.create(Api.config("https://hooks.example.com/a\u0308?q=e\u0301").build());
    assertThat(created.getUrl()).isEqualTo("https://hooks.example.com/a%CC%88?q=e%CC%81");
  }

  @Test
  void aHostInItsIdnaFormPassesUnchanged() {
    WebhookConfig created = api.create(Api.config("https://xn--strae-oqa.de/").build());
    assertThat(created.getUrl()).isEqualTo("https://xn--strae-oqa.de/");
  }

  @Test
  void aUrlIsNoLongerThanAllowedOnceItIsEncodedEither() {
    String url = "https://hooks.example.com/" + "я".repeat(1_000);
    Refusal refusal = Refusal.of(() -> api.create(Api.config(url).build()));
    assertThat(refusal.fields()).containsExactly("webhook_config.url");
  }

  @Test
  void aRefusalFitsIntoWhatClientsTakeHoweverMuchIsWrong() {
    WebhookConfig.Builder config = full();
    for (int i = 0; i < 200; i++) {
      config.addHeaderParameters(
          HeaderParameter.newBuilder().setName("bad name " + "x".repeat(200) + i).setValue("\n"));
    }
    assertThat(Refusal.of(() -> api.create(config.build())).fields()).hasSize(16);
    String id = "x".repeat(9_000);
    assertThat(
            Refusal.of(() ->
                    api.deliveries.getDelivery(
                        GetDeliveryRequest.newBuilder()
                            .setName(api.parent() + "/deliveries/" + id)
                            .build()))
                .reason())
        .isEqualTo("DELIVERY_NOT_FOUND");
    var _ = api.create(full().build());
    assertThat(Refusal.of(() -> update(WebhookConfig.newBuilder(), id)).fields())
        .containsExactly("update_mask");
  }

  @Test
  void aCampaignsMaskThatNamesOnlyOutputChangesNothing() {
    var _ = api.create(full().build());
    Campaign enabled = campaign(api.campaignName(), true);
    Campaign same =
        api.campaigns.updateCampaign(
            UpdateCampaignRequest.newBuilder()
                .setCampaign(Campaign.newBuilder().setName(api.campaignName()))
                .setUpdateMask(FieldMask.newBuilder().addPaths("update_time"))
                .build());
    assertThat(same).isEqualTo(enabled);
  }

  @Test
  void aCampaignNeedsAConfigurationToBeEnabled() {
    Refusal refusal = Refusal.of(() -> campaign(api.campaignName(), true));
    assertThat(refusal.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refusal.reason()).isEqualTo("CONFIG_REQUIRED");
    assertThat(refusal.status().getMessage()).contains("create its webhookConfig first");
    GetCampaignRequest get = GetCampaignRequest.newBuilder().setName(api.campaignName()).build();
    assertThat(Refusal.of(() -> api.campaigns.getCampaign(get)).reason())
        .isEqualTo("CAMPAIGN_NOT_FOUND");
    var _ = api.create(full().build());
    Campaign enabled = campaign(api.campaignName(), true);
    assertThat(api.campaigns.getCampaign(get)).isEqualTo(enabled);
    var _ = campaign(api.parent() + "/campaigns/a", false);
    var page =
        api.campaigns.listCampaigns(
            ListCampaignsRequest.newBuilder().setParent(api.parent()).setPageSize(1).build());
    assertThat(page.getCampaignsList()).containsExactly(enabled);
    assertThat(page.getNextPageToken()).isNotEmpty();
  }

  @Test
  void anEndpointThatIsGoneDisablesItsConfigurationAndSaysWhy() throws Exception {
    var _ = api.setUp(full());
    endpoint.answers(410);
    var _ = api.publish(api.newEvent("e-1").build());
    await()
        .until(
            () -> get().getState() == WebhookConfigState.WEBHOOK_CONFIG_STATE_DISABLED_BY_ENDPOINT);
    assertThat(get().getEnabled()).isFalse();
    assertThat(get().getStateReason()).contains("410");
    assertThat(get().getHealth().getState())
        .isEqualTo(EndpointHealthState.ENDPOINT_HEALTH_STATE_DISABLED_BY_ENDPOINT);
    assertThat(server.get("/metrics"))
        .contains("feedback_webhooks_configs_disabled_total{by=\"endpoint\"} 1.0");
    WebhookConfig again = update(WebhookConfig.newBuilder().setEnabled(true));
    assertThat(again.getState()).isEqualTo(WebhookConfigState.WEBHOOK_CONFIG_STATE_ACTIVE);
  }

  private WebhookConfig.Builder full() {
    return Api.config(endpoint.url("/"))
        .addHeaderParameters(HeaderParameter.newBuilder().setName("x-tenant").setValue("blue"))
        .addHeaderParameters(
            HeaderParameter.newBuilder().setName("x-key").setValue(SECRET).setSensitive(true))
        .setJwt(
            JwtAuthentication.newBuilder()
                .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
                .setSecret(ByteString.copyFromUtf8(SECRET)));
  }

  private void create(String organization, String sandbox) {
    var _ =
        api.configs.createWebhookConfig(
            CreateWebhookConfigRequest.newBuilder()
                .setParent("organizations/" + organization + "/sandboxes/" + sandbox)
                .setWebhookConfig(full())
                .build());
  }

  private WebhookConfig get() {
    return api.configs.getWebhookConfig(
        GetWebhookConfigRequest.newBuilder().setName(api.configName()).build());
  }

  private WebhookConfig update(WebhookConfig.Builder config, String... paths) {
    return api.configs.updateWebhookConfig(
        UpdateWebhookConfigRequest.newBuilder()
            .setWebhookConfig(config.setName(api.configName()))
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(paths)))
            .build());
  }

  private Object delete(String etag) {
    return api.configs.deleteWebhookConfig(
        DeleteWebhookConfigRequest.newBuilder().setName(api.configName()).setEtag(etag).build());
  }

  private ListWebhookConfigsResponse list(String parent, int size, String token) {
    return api.configs.listWebhookConfigs(
        ListWebhookConfigsRequest.newBuilder()
            .setParent(parent)
            .setPageSize(size)
            .setPageToken(token)
            .build());
  }

  private static List<String> names(ListWebhookConfigsResponse page) {
    return page.getWebhookConfigsList().stream()
        .map(config -> config.getName().split("/", -1)[3])
        .toList();
  }

  private Campaign campaign(String name, boolean enabled) {
    return api.campaigns.updateCampaign(
        UpdateCampaignRequest.newBuilder()
            .setCampaign(Campaign.newBuilder().setName(name).setWebhooksEnabled(enabled))
            .build());
  }
}
