import Steering
import Testing

@testable import LlamaCore

@Suite struct `The memory's log` {
    private let plan = SteeringPlan.unsteered.digest
    private let other = SteeringPlan(origin: nil, sae: nil, layer: 1, strengths: [:], delta: [1]).digest

    @Test func `what an ended sequence holds serves those that begin alike under the same steering`() {
        var log = MemoryLog(length: 100, sequences: 3)
        #expect(log.open() == 0)
        #expect(log.open() == 1)
        log.end(0, holding: [1, 2, 3, 4], plan: plan)
        log.end(1, holding: [1, 2], plan: plan)
        let found = log.beginning(of: [1, 2, 3, 9], under: plan)
        #expect(found?.sequence == 0 && found?.count == 3)
        #expect(log.beginning(of: [1, 2, 3, 9], under: other) == nil)
        #expect(log.beginning(of: [7, 2, 3], under: plan) == nil)
    }

    @Test func `the last token is always computed`() {
        var log = MemoryLog(length: 100, sequences: 1)
        _ = log.open()
        log.end(0, holding: [1, 2, 3], plan: plan)
        #expect(log.beginning(of: [1, 2, 3], under: plan)?.count == 2)
        #expect(log.beginning(of: [1], under: plan) == nil)
    }

    @Test func `an ended sequence is not given out before the log starts anew`() {
        var log = MemoryLog(length: 100, sequences: 2)
        _ = log.open()
        _ = log.open()
        log.append(30)
        log.end(0, holding: [1], plan: plan)
        #expect(log.open() == nil)
        log.restart(holding: [1: 12])
        #expect(log.used == 12)
        #expect(log.beginning(of: [1, 2], under: plan) == nil)
        #expect(log.open() == 0)
        #expect(log.open() == nil)
    }
}
