using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Messages;
using static Dais.Rooms.RoomEvent;
using static Dais.Rooms.Tests.Scenario;

namespace Dais.Rooms.Tests.Messages;

public sealed class MessageTests
{
    [Fact]
    public void A_member_writes_to_everybody()
    {
        var sent = Live("ann").When(Text("ann", "hello", head: 7)).Happened(typeof(MessageSent)).Single<MessageSent>().Message;

        Assert.Equal((new MessageId("m"), 8L, "hello"), (sent.Id, sent.Seq, sent.Content.Text));
        Assert.Equal((Named("ann"), true), (sent.From, sent.IsFor(Id("anybody"))));
    }

    [Fact]
    public void A_message_keeps_the_place_of_its_own_event()
    {
        // The application runs out in the same moment, and its end comes first.
        var room = Live("ann").Given(Apply("ann", timeoutSeconds: 5)).Pass(5).When(Text("ann", "late", head: 10));

        Assert.Single(room.Events.TakeWhile(happened => happened is not MessageSent));
        Assert.Equal(12, room.Single<MessageSent>().Message.Seq);
    }

    [Fact]
    public void The_backend_writes_in_any_name_to_those_who_are_here_and_takes_nobodys_turn()
    {
        var muted = Live("ann", "bob").Given(new RoomCommand.SetMessageDisabled(null, Id("ann"), true));
        var content = new MessageContent(MessageKind.Text, "welcome");

        var sent = muted.When(new RoomCommand.Announce(Named("system"), new MessageId("m"), content, [], 7)).Single<MessageSent>();
        Assert.Equal((Named("system"), 8L, true), (sent.Message.From, sent.Message.Seq, sent.Message.IsFor(Id("anybody"))));
        var named = Live("ann", "bob").When(new RoomCommand.Announce(Named("system"), new MessageId("m"), content, [Id("bob"), Id("eve")], 0));
        Assert.Equal([Id("bob")], named.Single<MessageSent>().Message.To);
        Live().When(new RoomCommand.Announce(Named("system"), new MessageId("m"), content, [Id("eve")], 0)).Refused(RoomError.UserNotInRoom);
        Live().When(new RoomCommand.Announce(Named("system"), new MessageId("m"), content with { Text = new string('x', 2_001) }, [], 0))
            .Refused(RoomError.TooLarge);
    }

    [Fact]
    public void A_message_of_the_backend_in_a_members_name_leaves_their_pace_alone()
    {
        var room = Live("ann");
        for (int message = 0; message < room.Room.Options.MessagesBurst; message++)
        {
            room = room.Given(Text("ann", "x"));
        }

        room = room.Given(new RoomCommand.Announce(Named("ann"), new MessageId("m"), new MessageContent(MessageKind.Text, "x"), [], 0));

        room.When(Text("ann", "y")).Refused(RoomError.RateLimited);
    }

    [Fact]
    public void Only_members_write() => Live().When(Text("ann", "hello")).Refused(RoomError.UserNotInRoom);

    [Fact]
    public void A_message_for_some_is_for_those_who_are_here_and_its_sender()
    {
        var room = Live("ann", "bob", "eve").When(Text("ann", "psst", to: ["bob", "nobody", "bob"]));

        var sent = room.Single<MessageSent>().Message;
        Assert.Equal([Id("bob")], sent.To);
        Assert.True(sent.IsFor(Id("ann")) && sent.IsFor(Id("bob")));
        Assert.False(sent.IsFor(Id("eve")) || sent.IsFor(Id("host")));
    }

    [Fact]
    public void A_message_for_nobody_who_is_here_is_refused() =>
        Live("ann").When(Text("ann", "psst", to: ["bob", "eve"])).Refused(RoomError.UserNotInRoom);

    [Fact]
    public void A_message_for_too_many_is_refused() =>
        Live("ann").When(Text("ann", "psst", to: [.. Enumerable.Range(0, 51).Select(number => $"u{number}")]))
            .Refused(RoomError.LimitReached);

    [Theory]
    [InlineData(2_000, 8_192, true)]
    [InlineData(2_001, 0, false)]
    [InlineData(1, 8_193, false)]
    public void Text_and_data_are_limited(int textLength, int dataBytes, bool fits)
    {
        var content = new MessageContent(MessageKind.Text, new string('x', textLength), new string('y', dataBytes));
        var room = Live("ann").When(Send("ann", content));

        Assert.Equal(fits ? null : RoomError.TooLarge, room.Last.Error);
    }

    [Fact]
    public void A_sender_has_a_burst_and_then_a_rate()
    {
        var room = Live("ann", "bob");
        for (int message = 0; message < 20; message++)
        {
            room.Given(Text("ann", "flood"));
        }

        room.When(Text("ann", "too fast")).Refused(RoomError.RateLimited);
        Assert.Equal(TimeSpan.FromMilliseconds(100), room.Last.RetryAfter);
        room.Given(Text("bob", "my own pace"));
        room.Pass(0.06).When(Text("ann", "still too fast")).Refused(RoomError.RateLimited);
        Assert.Equal(TimeSpan.FromMilliseconds(40), room.Last.RetryAfter);
        room.Pass(0.04).Given(Text("ann", "at last")).When(Text("ann", "no more")).Refused(RoomError.RateLimited);
        room.Pass(2);
        for (int message = 0; message < 20; message++)
        {
            room.Given(Text("ann", "rested"));
        }
    }

    [Fact]
    public void Leaving_and_coming_back_does_not_make_anybody_faster()
    {
        var room = Live("ann");
        for (int message = 0; message < 20; message++)
        {
            room.Given(Text("ann", "flood"));
        }

        room.Given(Leave("ann"), Join("ann", connection: 2)).When(Text("ann", "me again")).Refused(RoomError.RateLimited);
    }

    [Fact]
    public void What_is_refused_does_not_count_against_the_rate()
    {
        var room = Live(new RoomSettings { MessagesDisabled = true }, "ann");
        for (int message = 0; message < 50; message++)
        {
            room.When(Text("ann", "hush")).Refused(RoomError.MessagesDisabled);
        }

        room.Given(new RoomCommand.Update(Host.Id, new RoomChanges { MessagesDisabled = false }), Text("ann", "hello"));
    }

    [Fact]
    public void A_clock_that_is_set_back_silences_nobody_for_longer_than_the_burst()
    {
        var room = Live("ann");
        for (int message = 0; message < 20; message++)
        {
            room.Given(Text("ann", "flood"));
        }

        room.Pass(-3600).When(Text("ann", "an hour earlier")).Refused(RoomError.RateLimited);
        Assert.Equal(TimeSpan.FromMilliseconds(100), room.Last.RetryAfter);
        room.Pass(0.1).When(Text("ann", "and a moment later"));
    }

    [Fact]
    public void The_pace_of_those_who_wrote_long_ago_is_forgotten()
    {
        var room = Live("ann", "bob", "eve").Given(Text("ann", "1"), Text("bob", "2")).Pass(1).Given(Text("eve", "3"));

        Assert.Equal([Id("eve")], room.Room.Pace.All.Select(pace => pace.User));
    }

    [Fact]
    public void The_host_and_admins_write_when_nobody_else_may()
    {
        var room = Live("ann", "bob").Given(
            new RoomCommand.SetAdmin(Host.Id, Id("ann"), true),
            new RoomCommand.Update(Id("ann"), new RoomChanges { MessagesDisabled = true }));

        room.When(Text("bob", "hello")).Refused(RoomError.MessagesDisabled);
        room.Given(Text("host", "quiet, please"), Text("ann", "indeed"));
        room.When(new RoomCommand.Update(Id("bob"), new RoomChanges { MessagesDisabled = false })).Refused(RoomError.NoPermission);
    }

    [Fact]
    public void A_muted_member_may_not_write_even_after_coming_back()
    {
        var room = Live("ann", "bob").When(Mute("ann"));
        Assert.True(room.Happened(typeof(MessageDisabledChanged)).Single<MessageDisabledChanged>().Disabled);

        room.When(Text("ann", "hello")).Refused(RoomError.MessageDisabled);
        room.Given(Leave("ann"), Join("ann", connection: 2)).When(Text("ann", "hello again")).Refused(RoomError.MessageDisabled);
        room.Given(Text("bob", "I may"), Mute("ann", false), Text("ann", "finally"));
    }

    [Fact]
    public void Muting_twice_is_muting_once() => Live("ann").Given(Mute("ann")).When(Mute("ann")).NothingHappened();

    [Fact]
    public void Who_has_left_can_be_allowed_to_write_again_but_not_be_muted()
    {
        var room = Live("ann").Given(Mute("ann"), Leave("ann"), Mute("ann", false));

        Assert.Empty(room.Room.MessageDisabled);
        room.When(Mute("ann")).Refused(RoomError.UserNotInRoom);
    }

    [Fact]
    public void Nobody_mutes_the_host_and_admins_do_not_mute_each_other()
    {
        var room = Live("ann", "bob", "eve").Given(
            new RoomCommand.SetAdmin(Host.Id, Id("ann"), true), new RoomCommand.SetAdmin(Host.Id, Id("bob"), true));

        room.When(Mute("host", by: null)).Refused(RoomError.NoPermission);
        room.When(Mute("bob", by: "ann")).Refused(RoomError.NoPermission);
        room.When(Mute("ann", by: "eve")).Refused(RoomError.NoPermission);
        room.Given(Mute("eve", by: "ann"), Mute("bob"), Mute("ann", by: null));
        room.When(Text("bob", "a muted admin")).Refused(RoomError.MessageDisabled);
    }

    [Fact]
    public void How_many_are_muted_is_limited()
    {
        var options = new RoomOptions { Limits = new RoomLimits { MessageDisabledMax = 1 } };
        Live(new RoomSettings(), options, "ann", "bob").Given(Mute("ann")).When(Mute("bob")).Refused(RoomError.LimitReached);
    }

    [Fact]
    public void The_history_holds_a_hundred_messages()
    {
        var room = Live("ann");
        for (int message = 1; message <= 130; message++)
        {
            room.Pass(1).Given(Text("ann", $"{message}", head: message));
        }

        Assert.Equal(Enumerable.Range(31, 100).Select(message => $"{message}"), room.Room.Messages.All.Select(message => message.Content.Text));
    }

    [Fact]
    public void The_history_holds_64_KiB()
    {
        var room = Live("ann");
        for (int message = 1; message <= 30; message++)
        {
            room.Pass(1).Given(Send("ann", new MessageContent(MessageKind.Custom, null, new string('x', 8_000)), head: message));
        }

        Assert.Equal(8, room.Room.Messages.All.Length);
        Assert.True(room.Room.Messages.All.Sum(message => message.Bytes) <= MessageHistory.BytesMax);
        Assert.Equal(31, room.Room.Messages.All[^1].Seq);
    }

    [Fact]
    public void Everybody_sees_their_own_part_of_the_history_in_pages()
    {
        var room = Live("ann", "bob", "eve").Given(
            Text("ann", "1", head: 0), Text("ann", "2", head: 1, to: ["bob"]), Text("bob", "3", head: 2), Text("eve", "4", head: 3)).Room;

        Assert.Equal(["1", "2", "3", "4"], Texts(room.Messages.For(Id("bob"), long.MaxValue, 100)));
        Assert.Equal(["1", "3", "4"], Texts(room.Messages.For(Id("eve"), long.MaxValue, 100)));
        Assert.Equal(["3", "4"], Texts(room.Messages.For(Id("bob"), long.MaxValue, 2)));
        Assert.Equal(["1", "2"], Texts(room.Messages.For(Id("bob"), 3, 2)));
        Assert.Empty(room.Messages.For(Id("bob"), 1, 2));
    }

    [Fact]
    public void A_room_that_goes_live_again_has_no_messages_of_before()
    {
        var room = Live("ann").Given(Mute("ann"), Text("host", "bye"), new RoomCommand.EndRoom(Host.Id))
            .Given(new RoomCommand.Start(Host, new RoomSettings(), Connection("host"), ClientPlatform.Web)).Room;

        Assert.Empty(room.Messages.All);
        Assert.Empty(room.MessageDisabled);
    }

    private static RoomCommand.SendMessage Text(string user, string text, long head = 0, ImmutableArray<string> to = default) =>
        Send(user, new MessageContent(MessageKind.Text, text), head, to);

    private static RoomCommand.SendMessage Send(string user, MessageContent content, long head = 0, ImmutableArray<string> to = default) =>
        new(Id(user), new MessageId("m"), content, to.IsDefault ? [] : [.. to.Select(Id)], head);

    private static RoomCommand.SetMessageDisabled Mute(string user, bool disabled = true, string? by = "host") =>
        new(by is null ? null : Id(by), Id(user), disabled);

    private static IEnumerable<string?> Texts(ImmutableArray<RoomMessage> messages) => messages.Select(message => message.Content.Text);
}
