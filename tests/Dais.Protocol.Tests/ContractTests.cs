using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Dais.Protocol.Tests;

/// <summary>Rules that every part of the contract keeps.</summary>
public sealed class ContractTests
{
    public static TheoryData<Type> WireRecords { get; } =
    [
        .. Methods.All.SelectMany(method => (Type[])[method.ParamsType, method.ResultType])
            .Concat(Notifications.All.Select(notification => notification.DataType))
            .Concat([typeof(User), typeof(Seat), typeof(SeatRequest), typeof(SeatLeaver), typeof(StageEntry), typeof(RoomSnapshot), typeof(IceServer), typeof(SessionResume), typeof(RoomSyncParams)])
            .Distinct(),
    ];

    [Fact]
    public void Names_and_codes_are_unique()
    {
        Assert.Distinct(Methods.All.Select(method => method.Name));
        Assert.Distinct(Notifications.All.Select(notification => notification.Type));
        Assert.Distinct(ErrorCodes.All.Select(error => error.Code));
        Assert.Distinct(ErrorCodes.All.Select(error => error.Name));
        Assert.Distinct(CloseCodes.All.Select(close => close.Code));
    }

    [Fact]
    public void The_tables_leave_nothing_out()
    {
        Assert.Equal(Declared(typeof(Methods), typeof(MethodDescriptor)), Methods.All.Length);
        Assert.Equal(Declared(typeof(Notifications), typeof(NotificationDescriptor)), Notifications.All.Length);
        Assert.Equal(Declared(typeof(ErrorCodes), typeof(ErrorCode)), ErrorCodes.All.Length);
        Assert.Equal(Declared(typeof(CloseCodes), typeof(CloseCode)), CloseCodes.All.Length);
    }

    [Fact]
    public void Every_refusal_of_a_room_has_its_code() => Assert.All(
        Enum.GetNames<Dais.Rooms.RoomError>(),
        name => Assert.Equal(name, ErrorCodes.Named(name).Name, ignoreCase: true));

    [Fact]
    public void Close_codes_from_4500_do_not_ask_to_reconnect() =>
        Assert.All(CloseCodes.All, close => Assert.Equal(close.Code < 4500 && close != CloseCodes.Unauthorized, close.Reconnect));

    /// <summary>What may be null is either optional, then it has a default and is left out, or it is always written.</summary>
    [Theory]
    [MemberData(nameof(WireRecords))]
    public void A_field_that_may_be_null_says_whether_it_is_left_out(Type type)
    {
        var nullability = new NullabilityInfoContext();
        var parameters = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();
        Assert.All(parameters, parameter =>
        {
            var property = type.GetProperty(parameter.Name!)!;
            bool isNullable = nullability.Create(property).ReadState == NullabilityState.Nullable;
            bool isAlwaysWritten = property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Never;
            Assert.Equal(isNullable && !parameter.HasDefaultValue, isAlwaysWritten);
        });
    }

    [Fact]
    public void The_page_about_the_stage_leaves_out_nothing_and_names_no_code_that_is_none()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "stage.md"));
        var names = Methods.All.Select(method => method.Name).Concat(Notifications.All.Select(notification => notification.Type));
        names = names.Where(name => name.StartsWith("seat.", StringComparison.Ordinal));
        Assert.All(names.Concat(Enum.GetValues<RequestOutcome>().Select(WireName.Of)), name => Assert.Contains(name, page));
        int[] codes =
        [
            .. Regex.Matches(page, @"(?<![\d-])(100\d{3}|-23\d\d|-32602|100[1-6])(?!\d)")
                .Select(code => int.Parse(code.Value, CultureInfo.InvariantCulture)),
        ];
        Assert.NotEmpty(codes);
        Assert.Empty(codes.Except(ErrorCodes.All.Select(error => error.Code)));
    }

    private static int Declared(Type table, Type entry) =>
        table.GetProperties().Count(property => property.PropertyType.IsAssignableTo(entry));
}
