"""Five recipes for a site that has none yet. Amounts are for 20 litres."""

STARTERS = (
    {
        "title": "Black Kettle Oatmeal Stout",
        "summary": "Silk, coffee and dark chocolate; best beside a fire.",
        "litres": 20,
        "original_gravity": 1056,
        "final_gravity": 1015,
        "bitterness": 32,
        "colour": 78,
        "ingredients": """4.2 kg Maris Otter pale malt
500 g flaked oats
400 g chocolate malt
350 g crystal malt 150
250 g roasted barley
45 g East Kent Goldings, 60 minutes
20 g Fuggles, 15 minutes
English ale yeast""",
        "method": """Mash at 68 °C for 60 minutes.
Sparge at 76 °C and collect 25 litres.
Boil for 60 minutes, with the hops as listed.
Cool to 19 °C, pitch, and keep it there for 10 days.
Bottle with 5 g of sugar per litre; wait three weeks.""",
    },
    {
        "title": "Fjord Kveik Pale Ale",
        "summary": "Orange peel and pine, from grain to glass in nine days.",
        "litres": 20,
        "original_gravity": 1050,
        "final_gravity": 1010,
        "bitterness": 35,
        "colour": 11,
        "ingredients": """4.3 kg pilsner malt
400 g Munich malt
15 g Magnum, 60 minutes
30 g Cascade, 10 minutes
50 g Citra, after the boil at 80 °C
Voss kveik, one teaspoon of slurry""",
        "method": """Mash at 66 °C for 60 minutes.
Boil for 60 minutes; let the late hops steep for 20 minutes at 80 °C.
Cool to 38 °C only, pitch, and wrap the fermenter in a blanket.
It is done after four days: cool, and keg or bottle.""",
    },
    {
        "title": "Cellar Nine Pilsner",
        "summary": "Soft bread, spicy Saaz and patience.",
        "litres": 20,
        "original_gravity": 1048,
        "final_gravity": 1012,
        "bitterness": 38,
        "colour": 8,
        "ingredients": """4.4 kg floor-malted Bohemian pilsner malt
200 g Carapils
50 g Saaz, 60 minutes
40 g Saaz, 30 minutes
30 g Saaz, 5 minutes
Bohemian lager yeast, two packets""",
        "method": """Mash at 64 °C for 45 minutes, then at 72 °C for 20 minutes.
Boil for 90 minutes: pilsner malt wants it.
Cool to 9 °C, pitch, and ferment at 10 °C for two weeks.
Let it rise to 15 °C for three days.
Lager at 2 °C for six weeks.""",
    },
    {
        "title": "Lamplighter Porter",
        "summary": "Toffee, biscuit and a wisp of smoke, as dockers knew it.",
        "litres": 20,
        "original_gravity": 1052,
        "final_gravity": 1014,
        "bitterness": 28,
        "colour": 50,
        "ingredients": """3.8 kg Maris Otter pale malt
600 g brown malt
400 g crystal malt 120
150 g chocolate malt
40 g Fuggles, 60 minutes
20 g East Kent Goldings, 10 minutes
London ale yeast""",
        "method": """Mash at 67 °C for 60 minutes.
Boil for 60 minutes, with the hops as listed.
Ferment at 19 °C for a week.
Bottle with 4 g of sugar per litre; drink from the third week on.""",
    },
    {
        "title": "Sunday Hefeweizen",
        "summary": "Banana, clove and a cloud in a tall glass.",
        "litres": 20,
        "original_gravity": 1049,
        "final_gravity": 1011,
        "bitterness": 13,
        "colour": 12,
        "ingredients": """2.6 kg wheat malt
2 kg pilsner malt
250 g dark Munich malt
20 g Hallertauer Mittelfrüh, 60 minutes
Bavarian wheat yeast""",
        "method": """Rest at 45 °C for 15 minutes: it brings out the clove.
Mash at 66 °C for 45 minutes.
Boil for 60 minutes with the hops.
Ferment at 18 °C for a week.
Bottle with 8 g of sugar per litre, and drink it fresh.""",
    },
)
