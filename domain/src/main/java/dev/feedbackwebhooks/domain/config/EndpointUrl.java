package dev.feedbackwebhooks.domain.config;

/**
 * The URL that POSTs go to: https, by the rules of {@link EndpointUrlRules}.
 *
 * @param text as stored: the host in its IDNA form, lower case
 * @param host a name, or an IP literal without brackets
 * @param port 1–65535; 443 where the URL names none
 * @param target path and query, as they stand in the request line; at least "/"
 */
public record EndpointUrl(String text, String host, int port, String target) {}
