import HTTPTypes

// What supervisors, load balancers and Prometheus ask.

extension [APIOperation] {
    /// Health, readiness and metrics.
    static var operation: [APIOperation] {
        [
            APIOperation(
                method: .get,
                path: "/healthz",
                name: "getHealth",
                tag: .operation,
                summary: "Whether the process lives.",
                answers: [health(.ok, "It lives.", ["ok"])]
            ),
            APIOperation(
                method: .get,
                path: "/readyz",
                name: "getReadiness",
                tag: .operation,
                summary: "Whether requests are welcome.",
                answers: [
                    health(.ok, "They are.", ["ready"]),
                    health(.serviceUnavailable, "They are not.", ["starting", "draining"]),
                ]
            ),
            APIOperation(
                method: .get,
                path: MetricsRoutes.path,
                name: "getMetrics",
                tag: .operation,
                summary: "Counters and gauges in Prometheus' text format.",
                answers: [
                    APIOperation.Answer(
                        meaning: "The metrics.",
                        contents: [APIOperation.Content("text/plain", .text())]
                    )
                ]
            ),
        ]
    }

    private static func health(
        _ status: HTTPResponse.Status,
        _ meaning: String,
        _ words: [String]
    ) -> APIOperation.Answer {
        APIOperation.Answer(
            status: status,
            meaning: meaning,
            contents: [APIOperation.Content("application/json", .object(["status": .word(words)]))]
        )
    }
}
