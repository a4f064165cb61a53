"""The drawable world: objects, colours, styles, places, grid.  Sizes are in cells of the 12 x 12 grid."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "cache"
RUNS = ROOT / "runs" / os.environ.get("PAIRSCOPE_RUN", "v2")

ROWS = COLUMNS = 12
PATCH = 8  # pixels per cell of the picture the tokenizer reads (96 x 96)
DRAW_SCALE = 2  # the decoder draws at 16 pixels per cell (192 x 192)
DRAW_PATCH = PATCH * DRAW_SCALE
CODES = 4096
PREFIX_LENGTH = 24
MAX_LETTERS = 4  # on a sign of the first world
LONGEST_SIGN = 6  # letters on a sign of the wide one
MAX_COUNT = 5
MAX_OBJECTS = 3  # different objects in one scene

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "black")
# Hue in degrees, saturation factor, and how far the value is lifted towards 1 (negative: lowered).
COLOUR_HSV: dict[str, tuple[float, float, float]] = {
    "red": (355.0, 1.05, 0.0),
    "orange": (25.0, 1.05, 0.35),
    "yellow": (49.0, 0.95, 0.6),
    "green": (125.0, 0.9, -0.15),
    "blue": (216.0, 1.0, 0.1),
    "purple": (276.0, 0.85, 0.0),
    "pink": (335.0, 0.62, 0.75),
    "black": (230.0, 0.12, -0.72),
    "white": (220.0, 0.06, 0.78),
    "brown": (22.0, 0.85, -0.4),
    "gray": (220.0, 0.08, -0.12),
}
WIDE_COLOURS = tuple(COLOUR_HSV)

# Every sprite is a square of one of these many cells.
SIZE_SMALL, SIZE_PART, SIZE_BIG = 3, 4, 6
SIZES = (SIZE_SMALL, SIZE_PART, SIZE_BIG)
HAT_ROWS = 2  # rows that an accessory needs above a sprite of SIZE_BIG


@dataclass(frozen=True)
class Thing:
    """One drawable object.  ``names`` are (singular, plural) words, the first pair is canonical."""

    names: tuple[tuple[str, str], ...]
    icon: str
    colour: str | None = None  # default colour when the object can be recoloured
    free: float = 0.0  # chance that an unspoken colour is any of the eight instead of the default
    mirrored: bool = False  # may face either way
    patterned: bool = False  # may be striped or dotted
    wears: bool = False  # an animal's face, may wear an accessory

    @property
    def name(self) -> str:
        """Canonical singular."""
        return self.names[0][0]


def _things(table: str) -> tuple[Thing, ...]:
    """One object a line: names, icon, then default colour or flags."""
    things = []
    for line in table.strip().splitlines():
        names, icon, *flags = line.split()
        pairs = tuple((s, p) for s, p in (entry.split("/") for entry in names.split(",")))
        colour = next((f for f in flags if f in COLOUR_HSV), None)
        things.append(
            Thing(
                pairs,
                icon,
                colour,
                0.5 if "free" in flags else 0.0,
                "mirrored" in flags,
                "patterned" in flags,
                "wears" in flags,
            )
        )
    return tuple(things)


THINGS: tuple[Thing, ...] = _things(
    """
apple/apples red-apple red
balloon/balloons balloon red free patterned
book/books closed-book red free patterned
heart/hearts red-heart red patterned
star/stars star yellow patterned
umbrella/umbrellas umbrella purple free patterned
car/cars automobile red free mirrored
bird/birds bird red mirrored
gift/gifts,present/presents wrapped-gift yellow
tulip/tulips tulip pink
rose/roses rose red
key/keys key yellow
pencil/pencils pencil yellow free
teapot/teapots teapot red free patterned
backpack/backpacks backpack pink free patterned
bag/bags,handbag/handbags handbag orange patterned
shirt/shirts t-shirt green free patterned
dress/dresses dress blue free patterned
glove/gloves gloves purple
scarf/scarves scarf red free
gem/gems,diamond/diamonds gem-stone blue
bell/bells bell orange patterned
chair/chairs chair orange
whale/whales whale blue mirrored patterned
dolphin/dolphins dolphin blue mirrored
butterfly/butterflies butterfly orange free
turtle/turtles turtle green mirrored
crab/crabs crab red
octopus/octopuses octopus orange
dinosaur/dinosaurs t-rex green mirrored
tomato/tomatoes tomato red
pear/pears pear green
lemon/lemons lemon yellow
strawberry/strawberries strawberry red
bucket/buckets bucket blue free patterned
cap/caps billed-cap blue free
phone/phones,telephone/telephones telephone red
lock/locks locked orange
house/houses house orange
leaf/leaves maple-leaf red free
mushroom/mushrooms mushroom red
egg/eggs egg orange patterned
snake/snakes snake green mirrored
truck/trucks delivery-truck orange mirrored
dog/dogs dog-face wears
cat/cats cat-face wears
panda/pandas panda wears
fox/foxes fox wears
frog/frogs frog wears
mouse/mice mouse-face wears
rabbit/rabbits,bunny/bunnies rabbit-face wears
bear/bears bear wears
koala/koalas koala wears
tiger/tigers tiger-face wears
lion/lions lion wears
cow/cows cow-face wears
pig/pigs pig-face wears
monkey/monkeys monkey-face wears
wolf/wolves wolf wears
owl/owls owl
bee/bees honeybee
penguin/penguins penguin
elephant/elephants elephant mirrored
duck/ducks duck mirrored
unicorn/unicorns unicorn mirrored
horse/horses horse-face mirrored
ladybug/ladybugs,ladybird/ladybirds lady-beetle
snowman/snowmen snowman
skull/skulls skull
alien/aliens alien
pumpkin/pumpkins jack-o-lantern
sunflower/sunflowers sunflower
palm/palms palm-tree
sun/suns sun
moon/moons crescent-moon
rainbow/rainbows rainbow
snowflake/snowflakes snowflake
fire/fires,flame/flames fire
broccoli/broccolis broccoli
carrot/carrots carrot
grape/grapes grapes
pineapple/pineapples pineapple
watermelon/watermelons watermelon
cookie/cookies cookie
donut/donuts,doughnut/doughnuts doughnut
bread/breads bread
cheese/cheeses cheese-wedge
cup/cups hot-beverage mirrored
trophy/trophies trophy
ball/balls,football/footballs soccer-ball
camera/cameras camera
castle/castles castle
tent/tents tent
tree/trees deciduous-tree
cactus/cacti cactus
burger/burgers,hamburger/hamburgers hamburger
pizza/pizzas pizza
cake/cakes birthday-cake
banana/bananas banana
robot/robots robot
rocket/rockets rocket mirrored
plane/planes,airplane/airplanes airplane mirrored
train/trains locomotive mirrored
ufo/ufos flying-saucer
"""
)
NAMES: tuple[str, ...] = tuple(thing.name for thing in THINGS)
# What the wide world has beside the first one. "unknown" is what a word without a drawing gives.
MORE_THINGS: tuple[Thing, ...] = _things(
    """
man/men man wears
woman/women woman wears
child/children child wears
boy/boys boy wears
girl/girls girl wears
baby/babies baby wears
face/faces grinning-face wears
fish/fish tropical-fish mirrored
boat/boats sailboat mirrored
bicycle/bicycles bicycle mirrored
guitar/guitars guitar mirrored
piano/pianos musical-keyboard
flower/flowers blossom
sword/swords dagger mirrored
bulb/bulbs light-bulb
cloud/clouds cloud
sofa/sofas couch-and-lamp
bed/beds bed
door/doors door
window/windows window
clock/clocks alarm-clock
watch/watches watch
shoe/shoes running-shoe mirrored
boot/boots womans-boot mirrored
ring/rings ring
bus/buses bus mirrored
motorcycle/motorcycles motorcycle mirrored
helicopter/helicopters helicopter mirrored
ship/ships ship
tractor/tractors tractor mirrored
church/churches church
mountain/mountains snow-capped-mountain
volcano/volcanoes volcano
violin/violins violin
drum/drums drum
trumpet/trumpets trumpet mirrored
microphone/microphones microphone
headphones/headphones headphone
television/televisions television
radio/radios radio
laptop/laptops laptop
computer/computers desktop-computer
candle/candles candle
hammer/hammers hammer
scissors/scissors scissors
knife/knives kitchen-knife
spoon/spoons spoon
bottle/bottles bottle-with-popping-cork
wine/wines wine-glass
beer/beers beer-mug
milk/milks glass-of-milk
sandwich/sandwiches sandwich
hotdog/hotdogs hot-dog
fries/fries french-fries
icecream/icecreams soft-ice-cream
chocolate/chocolates chocolate-bar
candy/candies candy
lollipop/lollipops lollipop
peach/peaches peach
cherry/cherries cherries
coconut/coconuts coconut
avocado/avocados avocado
potato/potatoes potato
corn/corns ear-of-corn
onion/onions onion
shark/sharks shark mirrored
snail/snails snail mirrored
spider/spiders spider
ant/ants ant mirrored
bat/bats bat
eagle/eagles eagle mirrored
parrot/parrots parrot mirrored
chicken/chickens rooster mirrored
chick/chicks front-facing-baby-chick
swan/swans swan mirrored
goat/goats goat mirrored
sheep/sheep ewe mirrored
camel/camels camel mirrored
giraffe/giraffes giraffe mirrored
zebra/zebras zebra mirrored
kangaroo/kangaroos kangaroo mirrored
hedgehog/hedgehogs hedgehog mirrored
deer/deer deer mirrored
squirrel/squirrels chipmunk mirrored
crocodile/crocodiles crocodile mirrored
dragon/dragons dragon mirrored
ghost/ghosts ghost
clown/clowns clown-face
astronaut/astronauts astronaut
santa/santas santa-claus
princess/princesses princess
basketball/basketballs basketball
teddy/teddies teddy-bear
kite/kites kite
die/dice game-die
globe/globes globe-showing-americas
anchor/anchors anchor
ladder/ladders ladder
feather/feathers feather
plant/plants potted-plant
bone/bones bone
box/boxes package
crown/crowns crown
hat/hats top-hat
table/tables own:table brown
lamp/lamps own:lamp yellow
unknown/unknowns own:unknown gray
"""
)
WIDE_THINGS = THINGS + MORE_THINGS
BY_NAME: dict[str, Thing] = {thing.name: thing for thing in WIDE_THINGS}
WIDE_NAMES: tuple[str, ...] = tuple(BY_NAME)
UNKNOWN = "unknown"
# Objects of the wide world that a colour spoils or that never have one of their own.
_UNCOLOURED = frozenset(
    "sunflower palm rainbow fire broccoli carrot pineapple watermelon cookie bread cheese pumpkin ladybug bee panda burger pizza cake "
    "ufo alien tiger fox koala man woman child boy girl baby bulb mountain volcano fries beer wine milk hotdog sandwich avocado corn peach "
    "zebra giraffe astronaut santa princess clown globe cherry face skull grape sun snowman coconut potato onion plant tent penguin computer "
    "television laptop window banana chick".split()
)
WIDE_COLOURABLE: tuple[str, ...] = tuple(n for n in WIDE_NAMES if n not in _UNCOLOURED)
WIDE_PATTERNED: tuple[str, ...] = (*(t.name for t in THINGS if t.patterned), "ball", "cap", "scarf", "fish", "tent", "cup", "bottle", "boat")
WIDE_WEARERS: tuple[str, ...] = (
    *(t.name for t in WIDE_THINGS if t.wears), "owl", "penguin", "snowman", "skull", "alien", "robot", "ghost", "teddy", "chick", "pumpkin", "horse", "unicorn",
)
# Words that people type first are drawn more often in training.
FAVOURITES = frozenset(
    "cat dog car tree house ball bird fish flower man woman child boy girl apple horse book cup star heart sun moon boat bicycle "
    "bus train plane table chair lamp rabbit bear elephant duck castle robot guitar cake pizza banana balloon hat bed box".split()
)
COLOURABLE: tuple[str, ...] = tuple(t.name for t in THINGS if t.colour)
PATTERNED: tuple[str, ...] = tuple(t.name for t in THINGS if t.patterned)
WEARERS: tuple[str, ...] = tuple(t.name for t in THINGS if t.wears)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBERS = ("zero", "one", "two", "three", "four", "five")
RELATIONS = ("left", "right", "above", "below")
SIZE_WORDS: dict[str, tuple[str, ...]] = {
    "big": ("big", "big", "large", "huge"),
    "small": ("small", "small", "little", "tiny"),
}
PATTERNS = ("plain", "striped", "dotted")
PATTERN_WORDS: dict[str, tuple[str, ...]] = {
    "plain": ("plain",),
    "striped": ("striped",),
    "dotted": ("dotted", "spotted"),
}
# Word of the caption -> icon of the 3D set.
ACCESSORIES: dict[str, str] = {"hat": "top-hat", "crown": "crown", "glasses": "sunglasses", "bow": "ribbon"}
# The first style is the one of captions that name none.
STYLES = ("3d", "flat", "line", "chalk", "pixel", "sepia", "mono", "neon")
# Other drawings of the same objects.
WIDE_STYLES = (*STYLES, "cartoon", "sticker")
PLACES = ("grass", "beach", "snow", "space", "sunset", "night")
SIGN_COLOUR = "blue"
SIGN_FREE = 0.6
# Sign geometry in cells: a border cell around 2 x 2-cell letters, and a post below.
LETTER_CELLS = 2
POST_CELLS = 3

CATEGORIES = (
    "Overall appearance difference",
    "Color difference",
    "Counting difference",
    "Position difference",
    "Style & Tone difference",
    "Text difference",
)
