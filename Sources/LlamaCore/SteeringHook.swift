import CLlama
import Steering

/// What a row of a batch is steered by.
struct RowSteering {
    /// The block after which `delta` is added.
    let layer: Int
    /// Shape `[d]`, in units of the residual stream.
    let delta: [Float]

    /// nil if the plan changes nothing.
    init?(_ plan: SteeringPlan) {
        guard !plan.isUnsteered, let layer = plan.layer else { return nil }
        self.layer = layer
        delta = plan.delta
    }
}

/// Adds each row's delta to the residual stream while libllama computes a batch.
///
/// libllama's scheduler asks for every node of the graph whether it is wanted, and hands those over that are, after
/// they have been computed and before anything reads them. The output of block L is the node `l_out-L`, shape
/// `[d, rows]`. The callback learns no sequence ids; rows keep the batch's order because a batch is never larger
/// than a micro-batch. Behind the last block's attention libllama drops the rows whose logits nobody asked for.
///
/// A batch without a steered row asks for no node and costs nothing.
final class SteeringHook {
    private struct Target {
        let row: Int
        /// The row's place among those with logits; nil if it has none.
        let output: Int?
        let delta: [Float]
    }

    private let width: Int
    private var targets: [Int: [Target]] = [:]
    private var rowCount = 0
    private var outputCount = 0
    private var isSurveying = false

    /// The blocks whose output the last batch handed over.
    private(set) var reached: Set<Int> = []
    /// The blocks whose output was not of the expected shape or type.
    private(set) var unusable: Set<Int> = []

    /// - Parameter width: d of the residual stream.
    init(width: Int) {
        self.width = width
    }

    /// Gets ready for a batch.
    func prepare(_ rows: [Context.Row]) {
        clear()
        rowCount = rows.count
        for (index, row) in rows.enumerated() {
            if let steering = row.steering {
                let output = row.wantsLogits ? outputCount : nil
                targets[steering.layer, default: []].append(Target(row: index, output: output, delta: steering.delta))
            }
            if row.wantsLogits { outputCount += 1 }
        }
    }

    /// Gets ready to only note which blocks' outputs a batch of one row hands over.
    func prepareSurvey() {
        clear()
        rowCount = 1
        outputCount = 1
        isSurveying = true
    }

    /// The blocks at which the last batch should have been steered and was not. The last block counts only if it
    /// had rows.
    func missedLayers(of layerCount: Int) -> Set<Int> {
        let wanted = targets.keys.filter { $0 != layerCount - 1 || outputCount > 0 }
        return Set(wanted).subtracting(reached)
    }

    private func clear() {
        targets.removeAll(keepingCapacity: true)
        reached.removeAll(keepingCapacity: true)
        unusable.removeAll(keepingCapacity: true)
        rowCount = 0
        outputCount = 0
        isSurveying = false
    }

    /// libllama's side of the hook; `user_data` is the hook, unretained.
    static let callback: ggml_backend_sched_eval_callback = { tensor, isAsking, userData in
        guard let tensor = unsafe tensor, let userData = unsafe userData else { return false }
        let hook = unsafe Unmanaged<SteeringHook>.fromOpaque(userData).takeUnretainedValue()
        if isAsking { return unsafe hook.wants(tensor) }
        unsafe hook.steer(tensor)
        return true
    }

    private func wants(_ tensor: UnsafeMutablePointer<ggml_tensor>) -> Bool {
        guard !targets.isEmpty || isSurveying, let layer = unsafe Self.layer(of: tensor) else { return false }
        return isSurveying || targets[layer] != nil
    }

    private func steer(_ tensor: UnsafeMutablePointer<ggml_tensor>) {
        guard let layer = unsafe Self.layer(of: tensor) else { return }
        let count = unsafe Int(tensor.pointee.ne.1)
        let isUsable =
            unsafe tensor.pointee.type == GGML_TYPE_F32 && Int(tensor.pointee.ne.0) == width
            && tensor.pointee.nb.0 == MemoryLayout<Float>.size && (count == rowCount || count == outputCount)
        guard isUsable else {
            unusable.insert(layer)
            return
        }
        reached.insert(layer)
        for target in targets[layer] ?? [] {
            // Where all rows have logits both counts are one, and so are the places.
            guard let row = count == rowCount ? target.row : target.output else { continue }
            unsafe Self.add(target.delta, to: tensor, row: row)
        }
    }

    /// Adds in place where the host can write, else by way of a copy.
    private static func add(_ delta: [Float], to tensor: UnsafeMutablePointer<ggml_tensor>, row: Int) {
        let offset = unsafe row * Int(tensor.pointee.nb.1)
        let owner = unsafe tensor.pointee.view_src ?? tensor
        if let buffer = unsafe owner.pointee.buffer, unsafe ggml_backend_buffer_is_host(buffer),
            let data = unsafe tensor.pointee.data
        {
            let values = unsafe (data + offset).assumingMemoryBound(to: Float.self)
            unsafe delta.withUnsafeBufferPointer { delta in
                for index in delta.indices { unsafe values[index] += delta[index] }
            }
        } else {
            var values = [Float](repeating: 0, count: delta.count)
            let size = delta.count * MemoryLayout<Float>.stride
            unsafe ggml_backend_tensor_get(tensor, &values, offset, size)
            for index in delta.indices { values[index] += delta[index] }
            unsafe ggml_backend_tensor_set(tensor, values, offset, size)
        }
    }

    /// L of `l_out-L`; nil for every other node. Called for each node of each steered batch, so it makes no string.
    private static func layer(of tensor: UnsafeMutablePointer<ggml_tensor>) -> Int? {
        guard var name = unsafe ggml_get_name(tensor) else { return nil }
        for expected in "l_out-".utf8 {
            guard unsafe UInt8(bitPattern: name.pointee) == expected else { return nil }
            unsafe name += 1
        }
        var layer = 0
        repeat {
            let digit = unsafe UInt8(bitPattern: name.pointee)
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit), layer < 100_000 else { return nil }
            layer = 10 * layer + Int(digit - UInt8(ascii: "0"))
            unsafe name += 1
        } while unsafe name.pointee != 0
        return layer
    }
}
