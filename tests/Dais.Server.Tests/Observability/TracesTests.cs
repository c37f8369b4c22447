using System.Collections.Concurrent;
using System.Diagnostics;
using Dais.Server.Observability;

namespace Dais.Server.Tests.Observability;

public sealed class TracesTests
{
    [Fact]
    public async Task A_call_is_a_span_and_the_rooms_decision_is_in_it()
    {
        var spans = new ConcurrentQueue<Activity>();
        await using var server = await TestServer.StartAsync();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Traces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await server.StartRoomAsync("kitchen");
        await using var viewer = await server.JoinRoomAsync("kitchen", "vera");
        await viewer.RefusedAsync("room.update", new() { ["roomId"] = "kitchen", ["name"] = "Mine now" });
        await viewer.CallAsync("session.ping", []);

        // Other tests have spans too; a refused update is only here.
        var call = spans.Last(span => span.GetTagItem("rpc.method") is "room.update");
        Assert.Equal("noPermission", call.GetTagItem(Traces.Outcome));
        Assert.Equal(default, call.ParentSpanId);
        var decision = Assert.Single(spans, span => span.ParentSpanId == call.SpanId && span.TraceId == call.TraceId);
        Assert.Equal("room.decide", decision.OperationName);
        Assert.Equal("Update", decision.GetTagItem("dais.command"));
        Assert.Contains(spans, span => span.OperationName == "room.commit" && span.ParentSpanId == default);
    }
}
