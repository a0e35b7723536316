package dev.feedbackwebhooks.app.lifecycle;

import com.google.inject.Inject;
import dev.feedbackwebhooks.app.metrics.StoreMetrics;
import dev.feedbackwebhooks.app.ops.OpsServer;
import dev.feedbackwebhooks.app.ops.Readiness;
import dev.feedbackwebhooks.app.traces.Tracing;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.RunningStore;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.domain.node.RemoteChanges;
import dev.feedbackwebhooks.domain.replay.ReplayRunner;
import dev.feedbackwebhooks.domain.retention.RetentionSweep;
import dev.feedbackwebhooks.grpc.server.GrpcServer;
import java.time.InstantSource;

/** The parts of a server that are started, ticked or ended. */
record ServerParts(
    InstantSource clock,
    EngineThreads threads,
    RunningStore store,
    DeliveryReads reads,
    StoreMetrics storeMetrics,
    Readiness readiness,
    OpsServer ops,
    Tracing tracing,
    Nodes nodes,
    RemoteChanges remoteChanges,
    FeedbackSender sender,
    EndpointHealthMonitor health,
    DeliveryEngine engine,
    RetentionSweep retention,
    ReplayRunner replays,
    GrpcServer grpc) {
  @Inject
  ServerParts {}
}
