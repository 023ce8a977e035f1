import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

@testable import HTTPAPI

struct MetricsTests {
    @Test func `requests are counted by route and status, whatever their paths hold`() async throws {
        let api = APIUnderTest()
        let text = try await api.application.test(.router) { client in
            for path in [
                "/api/profiles/a", "/api/profiles/b%20c", "/api/status", "/nothing", "/no/thing", "/api/status",
            ] {
                _ = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
            }
            _ = try await client.executeRequest(uri: "/api/status", method: .delete, headers: [:], body: nil)
            _ = try await client.executeRequest(uri: "/x", method: .init("BREW")!, headers: [:], body: nil)
            return Answered(try await client.executeRequest(uri: "/metrics", method: .get, headers: [:], body: nil))
                .text
        }
        let requests = text.split(separator: "\n").filter { $0.hasPrefix("millm_http_requests_total") }
        #expect(
            requests == [
                #"millm_http_requests_total{method="GET",route="/api/profiles/{id}",status="503"} 2"#,
                #"millm_http_requests_total{method="DELETE",route="/api/status",status="405"} 1"#,
                #"millm_http_requests_total{method="GET",route="/api/status",status="200"} 2"#,
                #"millm_http_requests_total{method="GET",route="unknown",status="404"} 2"#,
                #"millm_http_requests_total{method="other",route="unknown",status="404"} 1"#,
            ]
        )
        #expect(text.contains(#"millm_http_request_duration_seconds_count{method="GET",route="/api/status"} 2"#))
        #expect(text.contains("millm_http_requests_in_flight 1\n"))
    }

    @Test func `the loader and the core are told, too`() async throws {
        var api = APIUnderTest()
        api.status.state = .degraded
        api.status.generation = 7
        api.status.counters.applies = 8
        api.status.counters.rejections = 9
        let answer = try await api.send(.get, "/metrics")
        #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        for line in [
            "millm_generation 7", "millm_applies_total 8", "millm_rejections_total 9",
            #"millm_state{state="degraded"} 1"#,
            #"millm_state{state="ok"} 0"#, "millm_queue_length 0", "millm_active_sequences 0",
            "millm_generated_tokens_total 0", #"millm_build_info{version="\#(Product.version)",model="Echo-1B"} 1"#,
        ] {
            #expect(answer.text.contains(line + "\n"), "\(line)")
        }
        #expect(answer.text.contains("process_resident_memory_bytes "))
    }

    @Test func `a histogram's buckets hold all that is not longer`() {
        let metrics = RequestMetrics()
        let route = RequestMetrics.Route(method: "GET", template: "/x")
        for milliseconds in [1, 3, 3, 90_000] {
            metrics.begin()
            metrics.end(route, status: 200, after: .milliseconds(milliseconds))
        }
        let durations = metrics.routes[0].durations
        #expect(durations.counts.first == 1)
        #expect(durations.counts[2] == 2)
        #expect(durations.counts.last == 1)
        #expect(durations.statuses == [200: 4])
        #expect(metrics.inFlight == 0)
    }

    @Test func `a label's value is escaped`() {
        let family = MetricFamily(
            name: "m",
            kind: .gauge,
            help: "Help.",
            samples: [MetricFamily.Sample(labels: [("l", "a\"b\\c\nd")], value: 0.5)]
        )
        #expect(family.text == "# HELP m Help.\n# TYPE m gauge\nm{l=\"a\\\"b\\\\c\\nd\"} 0.5\n")
    }
}
