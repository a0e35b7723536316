package dev.feedbackwebhooks.domain.watch;

import java.util.List;

/**
 * Changed deliveries, oldest change first; each delivery once.
 *
 * @param next where to go on; further than the last change, where others were passed over
 */
public record Changes(List<Change> list, ChangeCursor next) {
  public Changes {
    list = List.copyOf(list);
  }
}
