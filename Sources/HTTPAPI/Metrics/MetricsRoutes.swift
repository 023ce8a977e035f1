import Hummingbird
import ProfileDirectory
import Profiles
import Reconciliation
import Steering

/// `GET /metrics`: what Prometheus collects.
struct MetricsRoutes {
    static let path = "/metrics"
    private static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let requests: RequestMetrics
    let core: any InferenceCore
    let controller: any SteeringController
    /// When the server began to serve.
    let start: Timestamp

    func add(to router: Router<APIRequestContext>) {
        router.resource(
            RouterPath(Self.path),
            [
                .get: { _, _ in
                    let families = loaderFamilies + coreFamilies + requestFamilies + processFamilies
                    let text = ByteBuffer(string: families.map(\.text).joined())
                    return Response(
                        status: .ok,
                        headers: [.contentType: Self.contentType, .contentLength: String(text.readableBytes)],
                        body: ResponseBody(byteBuffer: text)
                    )
                }
            ]
        )
    }

    // MARK: - The loader

    private var loaderFamilies: [MetricFamily] {
        let status = controller.status
        var families: [MetricFamily] = [
            .single(.counter, "millm_applies_total", "Changes applied to the model.", Double(status.counters.applies)),
            .single(
                .counter,
                "millm_rejections_total",
                "Changes that could not be applied.",
                Double(status.counters.rejections)
            ),
            .single(
                .counter,
                "millm_rescans_total",
                "Looks at the whole directory.",
                Double(status.counters.rescans)
            ),
            .single(
                .counter,
                "millm_watch_overflows_total",
                "Times that the watch lost events.",
                Double(status.counters.overflows)
            ),
            .single(
                .gauge,
                "millm_generation",
                "Grows by one with every apply.",
                Double(status.generation)
            ),
            .single(
                .gauge,
                "millm_applied_features",
                "Features that steer the model now.",
                Double(status.applied?.features ?? 0)
            ),
            Self.choice(
                "millm_state",
                "The loader's state; 1 for the one that it is in.",
                label: "state",
                among: ["ok", "inactive", "held", "degraded"],
                status.state.rawValue
            ),
            Self.choice(
                "millm_watch_mode",
                "How changes are noticed; 1 for the way in use.",
                label: "mode",
                among: ["inotify", "polling"],
                status.mode.rawValue
            ),
        ]
        if let success = controller.lastApplied {
            families.append(
                .single(
                    .gauge,
                    "millm_last_success_timestamp_seconds",
                    "When the steering last changed as asked.",
                    Double(success.microseconds) / 1e6
                )
            )
        }
        return families
    }

    private static func choice(
        _ name: String,
        _ help: String,
        label: String,
        among values: [String],
        _ chosen: String
    ) -> MetricFamily {
        MetricFamily(
            name: name,
            kind: .gauge,
            help: help,
            samples: values.map { MetricFamily.Sample(labels: [(label, $0)], value: $0 == chosen ? 1 : 0) }
        )
    }

    // MARK: - The core

    private var coreFamilies: [MetricFamily] {
        let activity = core.activity
        return [
            .single(.gauge, "millm_active_sequences", "Answers being generated.", Double(activity.running)),
            .single(.gauge, "millm_queue_length", "Requests that wait for the model.", Double(activity.waiting)),
            .single(.counter, "millm_prompt_tokens_total", "Tokens read.", Double(activity.promptTokens)),
            .single(.counter, "millm_generated_tokens_total", "Tokens written.", Double(activity.generatedTokens)),
        ]
    }

    // MARK: - Requests

    private var requestFamilies: [MetricFamily] {
        let routes = requests.routes
        return [
            MetricFamily(
                name: "millm_http_requests_total",
                kind: .counter,
                help: "Requests answered, by route and status.",
                samples: routes.flatMap { route, durations in
                    durations.statuses.sorted { $0.key < $1.key }.map { status, count in
                        MetricFamily.Sample(
                            labels: Self.labels(route) + [("status", String(status))],
                            value: Double(count)
                        )
                    }
                }
            ),
            MetricFamily(
                name: "millm_http_request_duration_seconds",
                kind: .histogram,
                help: "How long requests took, to the end of their answers.",
                samples: routes.flatMap { Self.samples($0.route, $0.durations) }
            ),
            .single(.gauge, "millm_http_requests_in_flight", "Requests being answered.", Double(requests.inFlight)),
        ]
    }

    private static func labels(_ route: RequestMetrics.Route) -> [(name: String, value: String)] {
        [("method", route.method), ("route", route.template)]
    }

    private static func samples(
        _ route: RequestMetrics.Route,
        _ durations: RequestMetrics.Durations
    ) -> [MetricFamily.Sample] {
        let bounds = RequestMetrics.Durations.bounds.map(MetricFamily.written) + ["+Inf"]
        var total = 0
        var samples = zip(bounds, durations.counts).map { bound, count in
            total += count
            return MetricFamily.Sample(
                suffix: "_bucket",
                labels: labels(route) + [("le", bound)],
                value: Double(total)
            )
        }
        samples.append(MetricFamily.Sample(suffix: "_sum", labels: labels(route), value: durations.sum))
        samples.append(MetricFamily.Sample(suffix: "_count", labels: labels(route), value: Double(total)))
        return samples
    }

    // MARK: - The process

    private var processFamilies: [MetricFamily] {
        var families = [
            MetricFamily(
                name: "millm_build_info",
                kind: .gauge,
                help: "What is running; always 1.",
                samples: [
                    MetricFamily.Sample(
                        labels: [("version", Product.version), ("model", core.model.name)],
                        value: 1
                    )
                ]
            ),
            MetricFamily.single(
                .gauge,
                "process_start_time_seconds",
                "When the process began to serve.",
                Double(start.microseconds) / 1e6
            ),
        ]
        if let bytes = ProcessMemory.residentBytes {
            families.append(
                .single(.gauge, "process_resident_memory_bytes", "Memory that the process holds.", Double(bytes))
            )
        }
        return families
    }
}
