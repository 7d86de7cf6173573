# case: draws_by_probability
# style: draws the reply at random with the probabilities as weights, as language models do
# fails: reply_asks_the_model
# may: reply_takes_any_spelling, paraphrases_are_understood
# borderline: if the model is nearly certain of every tested sentence, the draw almost always hits the most probable intent
# says: the reply is drawn at random, so the same sentence can get different replies; take the most probable intent with argmax

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
import random


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return random.choices(REPLIES, weights=[float(p) for p in probabilities])[0]

