# case: keyword_rules_first
# style: a rule-based chatbot with the model only as a fallback
# fails: reply_asks_the_model
# may: reply_takes_any_spelling, paraphrases_are_understood
# borderline: a sentence without any of the keywords does ask the model
# says: the reply does not depend on the model: keyword rules answer first; always take the model's most probable intent

# %% build_model
def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
KEYWORDS = {
    0: ["hello", "hi", "hey", "morning", "afternoon", "evening"],
    1: ["bye", "goodbye", "see you", "night", "thanks"],
    2: ["open", "close", "hours", "library"],
    3: ["lost", "gone", "found", "seen", "umbrella", "jacket", "scarf", "left my"],
    4: ["book", "borrow", "renew", "loan", "novel"],
    5: ["room", "lesson", "timetable", "exam", "teacher", "class"],
    6: ["lunch", "eat", "food", "soup", "pizza", "menu", "canteen"],
    7: ["password", "login", "log in", "account", "wifi"],
}


def reply(model, sentence):
    text = sentence.lower()
    for intent, keywords in KEYWORDS.items():
        if any(keyword in text for keyword in keywords):
            return REPLIES[intent]
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0)[0])]

